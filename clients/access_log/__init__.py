"""Who viewed which client's record, and when (docs/adr/0030)."""
