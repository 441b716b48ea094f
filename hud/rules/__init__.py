"""HUD's rules at entry, one concept a module: the impossible blocks, the unlikely is confirmed.

Each check takes plain values and yields issues. 8 "client doesn't know", 9 "client prefers not
to answer" and 99 "data not collected" pass everywhere: an unanswered question never blocks a user.
"""
