import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value

from clients.querysets import ClientRecordQuerySet
from enrollments.querysets import OnEnrollmentQuerySet
from records.querysets import RecordManager

if TYPE_CHECKING:
    from agencies.models import User
    from clients.models import Client
    from enrollments.models import Enrollment

MOST_WORDS = 12
# Thai, Lao, Myanmar, Khmer, kana, Han: no spaces between words.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff]"
)


@dataclass(frozen=True)
class Words:
    """What a user types to find a note, as the search index understands it.

    Words that begin a word of the text, and those that are found anywhere in it.
    """

    beginnings: tuple[str, ...] = ()
    unspaced: tuple[str, ...] = ()

    @classmethod
    def of(cls, typed: str) -> Self:
        text = unicodedata.normalize("NFC", typed)
        text = "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in text)
        parts = list(dict.fromkeys(text.split()))[:MOST_WORDS]
        return cls(
            tuple(part for part in parts if not UNSPACED.search(part)),
            tuple(part for part in parts if UNSPACED.search(part)),
        )

    @property
    def as_tsquery(self) -> str:
        """Every word, as a prefix; quoted, so that nothing typed is an operator."""
        return " & ".join(f"'{word}':*" for word in self.beginnings)


def note_words() -> Func:
    """The words of a title and a text, without accents: what the search index holds."""
    return Func(F("title"), F("text"), function="casenotes_words", output_field=SearchVectorField())


class DatedQuerySet(ClientRecordQuerySet):
    """Rows with a date, listed from the newest on, a page at a time and without counting them."""

    def about_client(self, client: "Client") -> Self:
        return self.filter(client=client)

    def between(self, first: date | None, last: date | None) -> Self:
        rows = self.filter(date__gte=first) if first else self
        return rows.filter(date__lte=last) if last else rows


class CaseNoteQuerySet(DatedQuerySet):
    """Who may do what with notes; `CaseNote` says the same of one (6.3, 6.6)."""

    def editable_by(self, user: "User") -> Self:
        """Notes that are not Read Only, by users of the organization that wrote them."""
        return self.visible_to(user).filter(read_only=False, organization__in=list(user.access))

    def printable_by(self, user: "User") -> Self:
        return self.visible_to(user).filter(read_only=True)

    def restorable_by(self, user: "User") -> Self:
        """Deleted notes of organizations whose data quality the user manages."""
        return self.deleted().visible_to(user).filter(organization__in=user.dqo_organizations)

    def without_text(self) -> Self:
        """For lists: a text may be long."""
        return self.defer("text")

    def written_by(self, name: str) -> Self:
        """Notes whose author's first or last name begins so, or both in either order."""
        rows = self
        for part in name.split():
            rows = rows.filter(
                Q(created_by__first_name__istartswith=part)
                | Q(created_by__last_name__istartswith=part)
            )
        return rows

    def about(self, enrollment: "Enrollment") -> Self:
        """Notes that name the enrollment, themselves or in one of their services."""
        services = apps.get_model("casenotes", "Service")
        named = services.objects.filter(note=OuterRef("pk"), enrollment=enrollment)
        return self.filter(Q(enrollment=enrollment) | Exists(named.order_by()))

    def containing(self, typed: str) -> Self:
        """Notes with every word of what was typed, as the beginning of a word.

        Scripts that are written without spaces have no beginnings of words: there, anywhere.
        """
        words = Words.of(typed)
        rows = self
        if words.beginnings:
            query = SearchQuery(
                Func(Value(words.as_tsquery), function="casenotes_unaccent"),
                config="simple",
                search_type="raw",
            )
            rows = rows.alias(words=note_words()).filter(words=query)
        for part in words.unspaced:
            rows = rows.filter(Q(text__contains=part) | Q(title__contains=part))
        return rows


class ServiceQuerySet(DatedQuerySet, OnEnrollmentQuerySet):  # type: ignore[override]
    def for_list(self) -> Self:
        return self.select_related(
            "organization", "service_type", "enrollment__project", "note", "created_by"
        ).defer("note__text")


class ServiceTypeQuerySet(models.QuerySet):
    def offered_by(self, organization_id: int) -> Self:
        """What may be chosen for new services of the organization."""
        return self.filter(organization=organization_id, is_active=True)

    def known_to(self, user: "User") -> Self:
        """The catalogues of the user's organizations."""
        return self.filter(organization__in=list(user.access))


class CaseNoteManager(RecordManager.from_queryset(CaseNoteQuerySet)):  # type: ignore[misc]
    pass


class ServiceManager(RecordManager.from_queryset(ServiceQuerySet)):  # type: ignore[misc]
    pass
