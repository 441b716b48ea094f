from agencies.admin import invitations, organizations, projects, users  # they register
from agencies.admin.security import UserFilter
