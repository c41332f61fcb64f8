"""The networks that architectures build. Needs PyTorch."""
