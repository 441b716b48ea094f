from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.db import connections, models
from django.db.models import Exists
from django.db.models.functions import Left

from clients.querysets import ClientRecordQuerySet
from clients.sharing import Part
from records.querysets import RecordManager

if TYPE_CHECKING:
    from agencies.models import Organization, User

FOLDER_LENGTH = len("files/00/")
SORTS: dict[str, tuple[Any, ...]] = {
    "name": ("document_name", "pk"),
    "-name": ("-document_name", "-pk"),
    "date": ("date_created", "pk"),
    "-date": ("-date_created", "-pk"),
    "organization": ("organization__organization_name", "-date_created"),
    "-organization": ("-organization__organization_name", "-date_created"),
    "category": ("category", "-date_created"),
    "-category": ("-category", "-date_created"),
    "expires": (models.F("expires_on").asc(nulls_last=True), "-pk"),
    "-expires": (models.F("expires_on").desc(nulls_last=True), "-pk"),
    "size": ("stored__size", "pk"),
    "-size": ("-stored__size", "-pk"),
}


class FiledQuerySet(ClientRecordQuerySet):
    """Records with a stored file."""

    part = Part.FILES

    def listed(self) -> Self:
        return self.select_related("stored", "organization", "created_by")

    def with_file(self) -> Self:
        return self.listed().exclude(stored=None)

    def filing_organizations(self) -> "models.QuerySet[Organization]":
        """Whose users filed these rows, by name."""
        organizations = apps.get_model("agencies", "Organization").objects
        return organizations.filter(pk__in=self.order_by().values("organization"))

    def deleted_before(self, moment: datetime) -> Self:
        return self.filter(date_deleted__lt=moment)


class ClientFileQuerySet(FiledQuerySet):
    def sorted_by(self, sort: str) -> Self:
        return self.order_by(*SORTS[sort])

    def named_like(self, text: str) -> Self:
        return self.filter(document_name__icontains=text) if text else self

    def expired_on(self, day: date) -> Self:
        return self.filter(expires_on__lt=day)

    def expiring_between(self, first: date, last: date) -> Self:
        return self.filter(expires_on__range=(first, last))


class ClientPhotoQuerySet(FiledQuerySet):
    """A photo shows who the client is, on each of the client's pages."""

    part = Part.IDENTITY


class DocumentCheckQuerySet(FiledQuerySet):
    """Only users with access to a CAS organization can see that these exist (7.5)."""

    def visible_to(self, user: "User") -> Self:
        rows = super().visible_to(user)
        if user.is_superuser:
            return rows
        memberships = apps.get_model("agencies", "Membership").objects.filter(user=user)
        return rows.filter(Exists(memberships.filter(organization__is_cas=True).order_by()))


class StoredFileQuerySet(models.QuerySet):
    def draw_number(self) -> int:
        """The number of a row that is written later: no other row ever gets it."""
        return self._of_sequence("SELECT nextval(%s)")

    def last_number(self) -> int:
        """The highest number that was drawn; 0 where none was."""
        return self._of_sequence("SELECT coalesce(pg_sequence_last_value(%s::regclass), 0)")

    def _of_sequence(self, query: str) -> int:
        with connections[self.db].cursor() as cursor:
            cursor.execute(query, [f"{self.model._meta.db_table}_id_seq"])
            return cursor.fetchone()[0]

    def folders(self) -> set[str]:
        """The folders of the store that these rows' objects are in."""
        return set(self.order_by().values_list(Left("key", FOLDER_LENGTH), flat=True).distinct())

    def in_folder(self, folder: str) -> Self:
        """The rows whose objects are in this folder of the store, by an index."""
        return self.alias(folder=Left("key", FOLDER_LENGTH)).filter(folder=folder)


class ClientFileManager(RecordManager.from_queryset(ClientFileQuerySet)):  # type: ignore[misc]
    pass


class ClientPhotoManager(RecordManager.from_queryset(ClientPhotoQuerySet)):  # type: ignore[misc]
    pass


class DocumentCheckManager(RecordManager.from_queryset(DocumentCheckQuerySet)):  # type: ignore[misc]
    pass
