"""Serve Wayfellow in the browser."""
