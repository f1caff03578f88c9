"""Hold events: who may come, who is registered, and the tickets that open the door."""
