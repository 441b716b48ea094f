from django.contrib import admin

from clients.admin import access_log, duplicates, identity_changes  # they register
from clients.admin.deleted_records import DeletedRecordAdmin
from clients.models import Alert, InterestedOther

admin.site.register([Alert, InterestedOther], DeletedRecordAdmin)
