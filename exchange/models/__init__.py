# ruff: noqa: F401 - the models of the package
