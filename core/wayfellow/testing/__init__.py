"""Hold what plugin authors test with: fixtures, made-up match problems, and checks of the whole contract."""
