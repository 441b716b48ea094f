# ruff: noqa: F401 - registered by being imported

from consent import templates_admin, templates_versions_admin, undecided_admin
