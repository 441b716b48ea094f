"""What the drill's users work on; run with the drill's settings."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")
django.setup()

from tests.factories import ClientFactory, OrganizationFactory, UserFactory  # noqa: E402

USERS, CLIENTS = 4, 8


def main() -> None:
    harbor = OrganizationFactory(organization_name="Harbor Services")
    password = os.environ["DRILL_PASSWORD"]  # the factory hashes it
    for number in range(USERS):
        UserFactory(email=f"worker{number}@city.gov", at=[harbor], password=password)
    UserFactory(email="officer@city.gov", dqo_at=[harbor], password=password)
    for _ in range(CLIENTS):
        print(ClientFactory(organization=harbor).pk)  # noqa: T201 -- read by the drill


if __name__ == "__main__":
    main()
