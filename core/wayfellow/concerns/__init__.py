"""Let people say in confidence that something is not right, to those whose duty it is to look after it."""
