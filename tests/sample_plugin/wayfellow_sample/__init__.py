"""Keep a shelf of books that people of a programme lend each other."""

__version__ = "0.3"
