from django.contrib import admin

from clients.admin.deleted_records import DeletedRecordAdmin
from tasks.models import Task


@admin.register(Task)
class TaskAdmin(DeletedRecordAdmin):
    lead = "Tasks that were deleted. A restored task is back on the list of whoever has to do it."
