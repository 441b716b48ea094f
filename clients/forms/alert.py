from agencies.form_fields import DateField, LineField
from agencies.forms import RecordForm
from agencies.versions import VersionedForm
from clients.models import Alert


class AlertForm(RecordForm):
    text = LineField(label="Alert", max_length=200)
    begins_on = DateField(label="Begins on")
    ends_on = DateField(label="Ends on", required=False, help_text="Blank: until it is ended.")

    class Meta:
        model = Alert
        fields = ["text", "begins_on", "ends_on"]


class EditAlertForm(VersionedForm, AlertForm):
    """An alert that two people may change at once."""
