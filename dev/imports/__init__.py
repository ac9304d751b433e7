"""The command that imports chats from other systems."""
