"""Writes that touch several records."""
