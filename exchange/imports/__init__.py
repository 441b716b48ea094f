"""Import of HMIS CSV files: staged by COPY, compared and written by SQL, in one transaction.

Everything is staged in temporary tables of that transaction, so that a run that is killed leaves
nothing behind, and a dry run is the same run, rolled back.
"""
