from clients.models import Alert
from records.conflicts import ConflictDetectingForm
from records.form_fields import DateField, LineField
from records.forms import RecordForm


class AlertForm(RecordForm):
    text = LineField(label="Alert", max_length=200)
    begins_on = DateField(label="Begins on")
    ends_on = DateField(label="Ends on", required=False, help_text="Blank: until it is ended.")

    class Meta:
        model = Alert
        fields = ["text", "begins_on", "ends_on"]


class EditAlertForm(ConflictDetectingForm, AlertForm):
    """An alert that two people may change at once."""
