"""`make pictures`: the pictures of README, docs and help, taken of the demonstration."""
