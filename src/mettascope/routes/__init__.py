"""What is fetched by address, one file per subject; `mettascope.app` lists them."""
