"""The rules of diary and profile: pure functions, no I/O, shared by the nights and by what people edit themselves."""
