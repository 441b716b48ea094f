class ExportRefusedError(Exception):
    """The export cannot be made; the message is one sentence for whoever asked for it."""
