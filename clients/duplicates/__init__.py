"""Which clients may be one person: one score, for the finder and for Add New Client.

docs/duplicates.md says how it weighs, and how well.
"""
