"""Two clients who are one person become one, and can be taken apart again (11.2, docs/adr/0014)."""
