"""Mettascope: worlds in the browser. The page is in `web/`; this package serves it what there is to see."""
