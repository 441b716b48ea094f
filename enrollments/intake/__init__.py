"""The intake workflow (4): a draft goes through steps, `actions.finish` turns it into records."""
