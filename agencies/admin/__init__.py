# ruff: noqa: F401 - they register

from agencies.admin import access, invitations, places, users
from agencies.admin.security import UserFilter
