# ruff: noqa: F401 - registered by being imported

from consent import undecided_admin
from consent.texts import admin, versions_admin
