"""Hold what plugin authors test with."""
