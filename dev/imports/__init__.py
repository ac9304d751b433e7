"""Chats that were held elsewhere: read from a file, placed in the person's days, stored once however often the file comes."""
