"""Deleted events and assessments, which a Data Quality Officer can restore (11.3)."""

from django.contrib import admin

from cas.models import Assessment, Event
from clients.admin.deleted_records import DeletedRecordAdmin

admin.site.register([Assessment, Event], DeletedRecordAdmin)
