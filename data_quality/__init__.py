"""Data quality: HUD's rules, and what HUD's reports count, as questions to the whole database.

A rule (`rule.py`) is a condition over one subject's rows (`subjects.py`): clients, enrollments, or
answers about income. `catalog.py` lists them all. A `Scope` says whose records are looked at.
`counts.py` counts many rules in one scan, in the background (`background.py`); the list of a rule
is one query. The same rules stand in `hud.rules` for one form at a time;
tests/data_quality/test_agreement.py holds both together.
"""
