"""Let two people find each other: directory, requests, offers, ranked choices, and what is written about them."""
