"""The demonstration's agencies, and the people who work there."""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from agencies.models import Membership, Organization, Role, User
from hmis.demo import DEMO_PASSWORD
from hmis.demo.set_up import add_projects


@dataclass(frozen=True)
class Agencies:
    """The demonstration's organizations, and its users by the name before the @."""

    harbor: Organization
    bridge: Organization
    cas: Organization
    users: dict[str, User]

    @property
    def staff(self) -> dict[Organization, list[User]]:
        """Who opens clients' records, by agency."""
        names = {self.harbor: ("casey", "jordan", "dana", "morgan"), self.bridge: ("cory", "bea")}
        return {agency: [self.users[name] for name in group] for agency, group in names.items()}


def add_agencies() -> Agencies:
    harbor = Organization.objects.create(organization_name="Harbor Services")
    bridge = Organization.objects.create(organization_name="Bridge House")
    cas = Organization.objects.create(
        organization_name="Bay Area Coordinated Access",
        is_cas=True,
        document_contact="Cass Abernathy, 555-0140",
    )
    add_projects(harbor, bridge, cas)
    return Agencies(harbor, bridge, cas, add_users(harbor, bridge, cas))


def add_users(harbor: Organization, bridge: Organization, cas: Organization) -> dict[str, User]:
    manager, dqo = Role.CASE_MANAGER, Role.DQO
    rows = [
        ("casey@harbor.example", "Casey", "Lindgren", {harbor: manager}),
        ("jordan@harbor.example", "Jordan", "Okonkwo", {harbor: manager}),
        ("dana@harbor.example", "Dana", "Whitfield", {harbor: dqo}),
        ("morgan@harbor.example", "Morgan", "Reyes", {harbor: manager, bridge: manager}),
        ("cory@bridge.example", "Cory", "Tran", {bridge: manager}),
        ("bea@bridge.example", "Bea", "Castellanos", {bridge: dqo}),
        ("cas@coc.example", "Cass", "Abernathy", {cas: dqo}),
        ("admin@coc.example", "Adrian", "Moss", {}),
    ]
    password = make_password(DEMO_PASSWORD)  # once: to hash is slow on purpose
    users = {}
    for email, first_name, last_name, access in rows:
        is_admin = email == "admin@coc.example"
        user = User.objects.create(
            email=email,
            first_name=first_name,
            last_name=last_name,
            password=password,
            is_staff=is_admin,
            is_superuser=is_admin,
        )
        for organization, role in access.items():
            Membership.objects.create(user=user, organization=organization, role=role)
        users[email.partition("@")[0]] = user
    return users
