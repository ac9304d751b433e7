"""Import of chats and journals from other products: readers of their files, assignment to the user's days, and storage that can be repeated."""
