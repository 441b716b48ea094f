# ruff: noqa: F401 - they register

from agencies.admin import invitations, organizations, projects, users
from agencies.admin.security import UserFilter
