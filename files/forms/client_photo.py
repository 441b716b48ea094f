from django import forms

from files.inspection import portrait
from files.kinds import CHOOSABLE_PICTURES
from files.uploads import UploadField
from records.forms import OrganizationForm


class ClientPhotoForm(OrganizationForm, forms.Form):
    # Not scanned: what is kept is drawn anew, and nothing of the file itself is.
    photo = UploadField(
        label="Choose File", look=portrait, accept=CHOOSABLE_PICTURES, is_scanned=False
    )
