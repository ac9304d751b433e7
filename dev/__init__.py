"""Tools for a developer's or operator's machine, which are never shipped. This package may import every other one, and none imports it."""
