"""HMIS CSV FY2026, in and out: whole files of an organization or of the site."""
