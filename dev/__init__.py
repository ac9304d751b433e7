"""What runs on a developer's or operator's machine and is never shipped. It may import anything; nothing imports it."""
