"""The cheat sheets, followed label by label in a real browser; one module a sheet."""
