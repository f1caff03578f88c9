"""Prefer mentors who speak of the same themes as the mentee."""
