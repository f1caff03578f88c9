"""Hold the commands that the web brings to ``wayfellow``."""
