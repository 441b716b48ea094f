"""The federal standard: HUD's code lists, CSV columns and validity rules.

The ground of the house: no models, no views, no database, no clock. Everything here takes plain
values and answers with plain values, so that forms, imports and admin pages apply the same rule.
Source: HMIS Data Standards FY2026, in force since 2025-10-01.
"""
