"""Implement the hooks of the TF-IDF mentor matcher."""
