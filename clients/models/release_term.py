"""Until when a release counts by itself: to its last day, and a guardian's to the 18th birthday.

`LAST_DAY` says in SQL what `HasTerm.last_day` says of one row; `LATEST_COUNTS` writes the birthday
into `replaced_on`.
"""

from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Case, DateField, Exists, F, Func, Model, OuterRef, Q, When
from django.db.models.functions import Least

from clients.models.latest_counts import TURNS_18_SQL
from hud.rules.dob import turns_18

DAY = timedelta(days=1)
BY_GUARDIAN = Q(signed_by="guardian") & ~Q(kind="refused")


class Turns18(Func):
    """The 18th birthday of a date of birth; `hud.rules.dob.turns_18` is the same in Python."""

    template = f"({TURNS_18_SQL.format(dob='%(expressions)s')})"
    output_field = DateField()


class _AsMinor(Turns18):
    """The day before."""

    template = f"({Turns18.template} - 1)"


LAST_DAY = Least("ends_on", Case(When(BY_GUARDIAN, then=_AsMinor(F("client__dob")))))


def is_last() -> Q:
    """No other answer ends it."""
    return Q(replaced_on=None) | _is_cut_short()


def ends_between(first: date, last: date) -> Q:
    """It ends by itself on one of these days, both included."""
    by_itself = Q(replaced_on=None, ends_on__range=(first, last))  # release_ending
    at_18 = Q(replaced_on__range=(first + DAY, last + DAY))  # release_cut_short
    return by_itself | at_18 & _is_cut_short()


def _is_cut_short() -> Q:
    """The 18th birthday ends it, and from that day on the client has not answered."""
    releases: Any = apps.get_model("clients", "Release").objects.order_by()
    answers = releases.filter(Q(covers=None) | Q(covers=OuterRef("covers")), undecided=False)
    answers = answers.filter(client=OuterRef("client"), begins_on__gte=OuterRef("replaced_on"))
    answers = answers.exclude(revoked_reason="mistake").exclude(BY_GUARDIAN)
    return BY_GUARDIAN & Q(replaced_on=Turns18(F("client__dob"))) & ~Q(Exists(answers))


class HasTerm(Model):
    """Mixed into `Release`."""

    class Meta:
        abstract = True

    @property
    def is_cut_short(self) -> bool:
        """Whether a guardian released it for longer than until the 18th birthday, as it is now."""
        return self.replaced_on is not None and self.replaced_on == self._turns_18

    @property
    def last_day(self) -> date | None:
        """Its last day, unless another answer comes first; None until it is revoked."""
        as_minor = self._turns_18 and self._turns_18 - DAY
        return min(filter(None, (self.ends_on, as_minor)), default=None)

    @property
    def _turns_18(self) -> date | None:
        """Of whom a guardian released."""
        dob = self.client.dob if self.signed_by == "guardian" and not self.is_refusal else None
        return dob and turns_18(dob)
