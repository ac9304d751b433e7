"""Import of chats from other systems: read from a file, assigned to the user's days, and stored once however often the file is imported."""
