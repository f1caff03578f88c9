"""Offer Wayfellow's fixtures to every project that tests a plugin; pytest finds this module by entry point."""
