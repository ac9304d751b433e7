"""The rules of diary and profile: pure functions without I/O, shared by the nightly jobs and the users' own edits."""
