"""Serve devices at the door in JSON, under /events/api/v1; ``openapi.json`` beside this describes it."""
