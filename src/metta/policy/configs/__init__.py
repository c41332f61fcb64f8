"""Parts of architectures as configs: encoders and cores. Free of PyTorch."""
