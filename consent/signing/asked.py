"""What a signer is asked: for whom, to share with whom, until when, in which text and languages.

It travels with the page under our signature, so that what comes back is signed is what was shown.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any, Self

from django.core import signing
from django.utils import timezone

from agencies.models import Organization, User
from clients.models import Client
from consent.household import Person
from consent.models import TemplateVersion
from consent.refused import still_refused
from consent.signing.shown import Shown, Terms, filled_in
from hud.anniversaries import months_before

SALT = "consent.signing.asked"
OPEN_PAGE = timedelta(hours=12)  # as long as what was typed on any page can be saved


class NotSignableError(ValueError):
    """What a page sends back cannot be signed; `word` is the one of words.toml that says why."""

    word: str


class ChangedError(NotSignableError):
    """The text is not what was shown any more, or no longer to be signed."""

    word = "error_changed"


class ExpiredError(NotSignableError):
    """The page was open for too long, or came from somebody else."""

    word = "error_expired"


@dataclass(frozen=True)
class Asked:
    """What one page asks.

    people: the client of the page first.
    languages: the signed one first.
    token: of the page's form, so that a page is signed once (`records.submissions`).
    """

    version: TemplateVersion
    languages: Sequence[str]
    organization: Organization
    people: Sequence[Person]
    covers: Organization | None
    day: date
    ends_on: date | None
    token: uuid.UUID = field(default_factory=uuid.uuid4, compare=False)

    @property
    def clients(self) -> list[Client]:
        return [one.client for one in self.people]

    @property
    def minors(self) -> list[Person]:
        return [one for one in self.people if one.is_minor]

    @property
    def adult(self) -> Person | None:
        """Who signs, also for the minors."""
        return next((one for one in self.people if not one.is_minor), None)

    @cached_property
    def shown(self) -> Shown:
        refused = [] if self.covers else still_refused(self.clients)
        terms = Terms(self.clients, self.organization, self.covers, self.day, self.ends_on, refused)
        return filled_in(self.version, self.languages, terms)

    def sealed(self, *, by: User) -> str:
        """What the page sends back; there are numbers in it, a day and a hash, and no name."""
        content = {
            "by": by.pk,
            "at": timezone.now().timestamp(),
            "version": self.version.pk,
            "languages": list(self.languages),
            "organization": self.organization.pk,
            "people": [one.pk for one in self.clients],
            "minors": [one.client.pk for one in self.minors],
            "covers": self.covers and self.covers.pk,
            "day": self.day.isoformat(),
            "ends_on": self.ends_on and self.ends_on.isoformat(),
            "hash": self.shown.hash,
            "token": str(self.token),
        }
        return signing.dumps(content, salt=SALT)

    @classmethod
    def unsealed(cls, sent: str, *, household: Sequence[Person], by: User) -> Self:
        """What the page showed, as it is now.

        Args:
            household: whom the user may ask on this page, the client first.

        Raises:
            ExpiredError: for a page of somebody else, of too long ago, or none of ours.
            ChangedError: where the text would read otherwise now, or was retired before it was
                opened; where somebody is under 18 who was not, or not any more: another person
                signs then; and where one of several was restricted, who signs alone. A version that
                followed while it was open changes nothing.
        """
        try:
            content = signing.loads(sent, salt=SALT, max_age=OPEN_PAGE)
        except signing.BadSignature:
            raise ExpiredError from None
        organization = by.access.get(content["organization"])
        if content["by"] != by.pk or organization is None:
            raise ExpiredError
        asked = cls._as_now(content, organization.organization, household)
        if asked is None or asked.shown.hash != content["hash"]:
            raise ChangedError
        if [one.client.pk for one in asked.minors] != content["minors"]:
            raise ChangedError
        if len(asked.people) > 1 and any(one.is_restricted for one in asked.clients):
            raise ChangedError
        return asked

    @classmethod
    def _as_now(
        cls, content: dict[str, Any], organization: Organization, household: Sequence[Person]
    ) -> Self | None:
        """None where somebody or something of it is not there any more."""
        versions = TemplateVersion.objects.with_texts().filter(pk=content["version"])
        version = versions.shown_at(datetime.fromtimestamp(content["at"], tz=UTC)).first()
        found = {one.client.pk: one for one in household}
        people = [found[pk] for pk in content["people"] if pk in found]
        covers = None
        if content["covers"]:
            covers = Organization.objects.filter(pk=content["covers"]).first()
        if version is None or len(people) < len(content["people"]):
            return None
        if content["covers"] and covers is None:
            return None
        return cls(
            version=version,
            languages=content["languages"],
            organization=organization,
            people=people,
            covers=covers,
            day=date.fromisoformat(content["day"]),
            ends_on=content["ends_on"] and date.fromisoformat(content["ends_on"]),
            token=uuid.UUID(content["token"]),
        )


def version_for(organization: Organization) -> TemplateVersion | None:
    """What the clients of an organization are asked to sign now: its own text, or the CoC's."""
    versions = TemplateVersion.objects.in_force().for_organization(organization)
    return versions.with_texts().first()


def end_of(version: TemplateVersion, day: date) -> date | None:
    """The last day of a release that is signed on a day."""
    if version.months is None:
        return None
    return months_before(day, -version.months) - timedelta(days=1)
