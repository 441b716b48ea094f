from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery

if TYPE_CHECKING:
    from agencies.models import Organization, User


def _member(organizations: "list[int]") -> Exists:
    memberships = apps.get_model("agencies", "Membership").objects.filter(user=OuterRef("pk"))
    return Exists(memberships.filter(organization__in=organizations).order_by())


class UserQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_access_to(self, organization: "Organization") -> Self:
        """Active users who are members of the organization."""
        return self.active().filter(memberships__organization=organization)

    def with_access_to_any(self, organizations: "list[int]") -> Self:
        """Active users who are members of one of these organizations."""
        return self.active().filter(_member(organizations))

    def with_access(self) -> Self:
        """Active users who are members of some organization: every one may be a case manager."""
        memberships = apps.get_model("agencies", "Membership").objects.filter(user=OuterRef("pk"))
        return self.active().filter(Exists(memberships.order_by()))

    def officers_of(self, organization: "Organization") -> Self:
        """The organization's active Data Quality Officers."""
        return self.active().filter(memberships__organization=organization, memberships__role="dqo")

    def officers_of_any(self, organizations: "list[int]") -> Self:
        """The active Data Quality Officers of these organizations."""
        memberships = apps.get_model("agencies", "Membership").objects.filter(user=OuterRef("pk"))
        there = memberships.filter(organization__in=organizations, role="dqo")
        return self.active().filter(Exists(there.order_by()))

    def known_to(self, officer: "User") -> Self:
        """Users with access to an organization of the officer's; never an administrator."""
        return self.filter(_member(officer.dqo_organizations), is_superuser=False)

    def managed_by(self, officer: "User") -> Self:
        """Those of them whose home organization is one of the officer's (docs/adr/0032).

        It is the one that they joined first: joining another one later takes nothing from it.
        """
        memberships = apps.get_model("agencies", "Membership").objects.filter(user=OuterRef("pk"))
        home = memberships.order_by("date_created", "pk").values("organization")[:1]
        rows = self.known_to(officer).annotate(home_organization=Subquery(home))
        return rows.filter(home_organization__in=officer.dqo_organizations)

    def named(self, name: str) -> Self:
        """Match each word of `name` by prefix with the first or last name, or the e-mail."""
        rows = self
        for word in name.split():
            rows = rows.filter(
                Q(first_name__unaccent__istartswith=word)
                | Q(last_name__unaccent__istartswith=word)
                | Q(last_name__unaccent__icontains=f" {word}")
                | Q(email__istartswith=word)
            )
        return rows
