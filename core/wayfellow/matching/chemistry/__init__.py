"""Let people talk before they are paired: chats, how both rate them, and pairs chosen with that."""
