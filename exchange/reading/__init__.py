"""Files of the HMIS CSV exchange as they come: opened safely, read tolerantly.

`open_source` is the way in; what cannot be read is refused with a sentence (`RefusedError`), what
can be repaired is, and reported.
"""
