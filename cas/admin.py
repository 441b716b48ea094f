"""Deleted events and assessments, which a Data Quality Officer can restore (11.3)."""

from django.contrib import admin

from cas.models import Assessment, AssessmentQuestion, AssessmentResult, Event
from clients.admin.deleted_records import DeletedRecordAdmin

admin.site.register(Event, DeletedRecordAdmin)


@admin.register(Assessment)
class AssessmentAdmin(DeletedRecordAdmin):
    def restored_with(self, row) -> list[str]:
        together = {"assessment": row, "date_deleted": row.date_deleted}
        counts = [
            (part.with_deleted.filter(**together).count(), part._meta)
            for part in (AssessmentQuestion, AssessmentResult)
        ]
        return [
            f"{count} {meta.verbose_name if count == 1 else meta.verbose_name_plural}"
            for count, meta in counts
            if count
        ]
