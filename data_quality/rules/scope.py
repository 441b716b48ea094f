"""Whose records are looked at: an officer's organizations, narrowed by the filters of the page."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from agencies.models import Organization, Project, User
from records.visibility import Visibility


@dataclass(frozen=True)
class Scope:
    """
    Args:
        user: a Data Quality Officer, or an administrator.
        today: the day by which rules judge.
        organization: one of those that the user manages; without one, all of them.
        project: one of the projects of these organizations.
        active_from: with enrollments that lasted on this day or later.
        active_to: with enrollments that began by this day.
        entered_since: with enrollments that began on this day or later.
    """

    user: User
    today: date
    organization: Organization | None = None
    project: Project | None = None
    active_from: date | None = None
    active_to: date | None = None
    entered_since: date | None = None

    @property
    def organizations(self) -> list[int]:
        managed = self.user.dqo_organizations
        if self.organization is None:
            return managed
        return [pk for pk in managed if pk == self.organization.pk]

    @property
    def fingerprint(self) -> str:
        """The same for all whose counts are the same; a change of rights or filters changes it."""
        everybody = self.user.is_superuser and self.organization is None
        seen = "all" if self.user.is_superuser else sorted(self.user.access)
        days = (self.active_from, self.active_to, self.entered_since)
        project = self.project and self.project.pk
        parts = ("all" if everybody else sorted(self.organizations), seen, project, days)
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    def wider(self) -> list["Scope"]:
        """Without filters: whatever is in this scope is in each of these."""
        unfiltered = Scope(self.user, self.today, self.organization)
        return [unfiltered, replace(unfiltered, organization=None)]

    @property
    def is_narrowed(self) -> bool:
        """Whether filters leave a part of an organization's records."""
        return any((self.project, self.active_from, self.active_to, self.entered_since))

    def filed(self, prefix: str = "") -> Q:
        """Of these organizations; an administrator's are all, and no condition."""
        if self.user.is_superuser and self.organization is None:
            return Q()
        return Q(**{f"{prefix}organization__in": self.organizations})

    def filed_by_each(self) -> list[Q]:
        """`filed`, for one organization after the other: an index has their rows in order."""
        if not self.filed():
            return [Q()]
        return [Q(organization=pk) for pk in self.organizations]

    def condition(self, prefix: str = "") -> Q:
        """The condition on an enrollment, which is at `prefix` of the row.

        What an organization filed is its officers' to see, but for a client whom another
        organization has restricted to itself meanwhile.
        """
        wanted = self.filed(prefix) & Q(**{f"{prefix}client__date_deleted": None})
        if not self.user.is_superuser:
            wanted &= Q(**{f"{prefix}client__visibility": Visibility.ALL_ORGANIZATIONS}) | Q(
                **{f"{prefix}client__organization__in": list(self.user.access)}
            )
        if self.project:
            wanted &= Q(**{f"{prefix}project": self.project})
        if self.active_from:
            lasted = Q(**{f"{prefix}exit_date": None})
            wanted &= lasted | Q(**{f"{prefix}exit_date__gte": self.active_from})
        if self.active_to:
            wanted &= Q(**{f"{prefix}entry_date__lte": self.active_to})
        if self.entered_since:
            wanted &= Q(**{f"{prefix}entry_date__gte": self.entered_since})
        return wanted
