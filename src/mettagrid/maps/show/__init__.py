"""Showing maps: pictures, contact sheets, text for terminals, and the page of the documents."""
