"""An export of the database in HUD's CSV format: `run` writes it, a file at a time."""
