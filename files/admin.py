"""Deleted files, photos and document checks, which a Data Quality Officer can restore (11.3)."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from clients.admin.deleted_records import DeletedRecordAdmin
from files import actions
from files.models import ClientFile, ClientPhoto, DocumentCheck
from records.admin import column
from records.admin.words import Fact

GONE = "The file itself was deleted permanently."


class FiledAdmin(DeletedRecordAdmin):
    list_select_related = [*DeletedRecordAdmin.list_select_related, "stored"]

    def facts(self, row, officer) -> list[Fact]:
        stored = row.stored
        file = f"{stored.get_kind_display()}, {filesizeformat(stored.size)}" if stored else "None"
        return [Fact("File", file), *super().facts(row, officer)]

    def restore(self, row, by) -> None:
        if row.stored and not row.stored.state.is_kept:
            raise ValidationError(GONE)
        super().restore(row, by)


admin.site.register(ClientFile, FiledAdmin)


@admin.register(ClientPhoto)
class ClientPhotoAdmin(FiledAdmin):
    lead = "A photo that is restored takes the place of the one that is shown now."

    name = column("name", str)

    def restore(self, row, by) -> None:
        if not row.stored.state.is_kept:
            raise ValidationError(GONE)
        actions.restore_photo(photo=row, by=by)


@admin.register(DocumentCheck)
class DocumentCheckAdmin(FiledAdmin):
    """Only for officers with access to a CAS organization; others do not learn of it."""

    def _allows(self, request, action: str) -> bool:
        return super()._allows(request, action) and request.user.has_cas_access
