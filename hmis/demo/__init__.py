"""Demonstration data: agencies, their users and synthetic clients. Nobody in it exists."""

DEMO_PASSWORD = "hmis-demo"  # noqa: S105 -- made to be published

DEMO_LOGINS = [
    ("casey@harbor.example", "case manager, Harbor Services"),
    ("cory@bridge.example", "case manager, Bridge House"),
    ("dana@harbor.example", "DQO, Harbor Services"),
    ("cas@coc.example", "CAS administrator"),
    ("admin@coc.example", "administrator"),
]
