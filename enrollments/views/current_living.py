"""Current Living Situation (4.12): the contacts of an enrollment, added, corrected, deleted."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from clients.loading import ONLY_THEIRS, Kind, get_client
from clients.record_pages import RecordPages
from enrollments.forms.current_living import CurrentLivingForm, EditCurrentLivingForm
from enrollments.models import CurrentLivingSituation


class ContactPages(RecordPages):
    model = CurrentLivingSituation
    kind = "contact"
    key = "contact_id"
    form, edit_form = CurrentLivingForm, EditCurrentLivingForm
    template = "enrollments/edit_current_living.html"

    def get_parent(self, request, client_id, enrollment_id):
        """The enrollment, if the user may change it."""
        client = get_client(request, client_id, kind=Kind.CHANGE)
        rows = client.enrollments.visible_to(request.user)
        rows = rows.select_related("project", "organization", "client")
        enrollment = get_object_or_404(rows, pk=enrollment_id)
        if not request.user.may_change(enrollment):
            raise PermissionDenied(ONLY_THEIRS)
        return enrollment

    def rows(self, parent):
        rows = self.model.with_deleted.filter(enrollment=parent)
        return rows.select_related("enrollment", "updated_by")

    def new(self, parent):
        if not parent.records_contacts:
            raise Http404
        place = {"client": parent.client, "organization": parent.organization}
        return self.model(enrollment=parent, **place)

    def context(self, request, parent):
        return {"enrollment": parent}

    def list_url(self, parent):
        return parent.get_absolute_url()

    def save(self, request, form):
        form.save(by=request.user)
        return "Contact saved."


pages = ContactPages()
