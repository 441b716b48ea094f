"""Rows that are kept on the page of another one, each behind its own line."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.forms.models import BaseInlineFormSet

from records.admin.fields import PlainFields
from records.forms import CheckedForm

GONE = (
    "Somebody else deleted one of these in the meantime. Open the page again and enter what you "
    "changed."
)

MOST_ROWS = 100


class SoftDeletedFormSet(BaseInlineFormSet):
    """Rows that are kept when they are deleted: `mark_deleted` and `stamp` are theirs."""

    def clean(self) -> None:
        super().clean()
        if any("id" in form.errors for form in self.initial_forms):
            self._non_form_errors = self.error_class([GONE], renderer=self.renderer)

    def save_by(self, user: Any) -> None:
        rows = self.save(commit=False)
        for row in self.deleted_objects:
            row.mark_deleted(by=user)
        for row in rows:
            row.stamp(by=user)
            row.save()


class ScopedInline(PlainFields, admin.StackedInline):
    """Whoever may change the row of the page may change these with it.

    lead: one sentence under the heading.
    row_label: what one of them is called on its line, and beside an error.
    """

    template = "admin/includes/inline.html"
    formset = SoftDeletedFormSet
    form = CheckedForm
    extra = 1
    max_num = MOST_ROWS
    lead = ""
    row_label = ""

    def get_formset(self, request, obj=None, **kwargs: Any):
        """Django would build up to 2,000 forms for whoever sends that number: half a minute."""
        return super().get_formset(request, obj, absolute_max=2 * MOST_ROWS, **kwargs)

    def _of_page(self) -> BaseModelAdmin:
        return self.admin_site.get_model_admin(self.parent_model)

    def has_view_permission(self, request, obj=None) -> bool:
        return self._of_page().has_view_permission(request, obj)

    def has_change_permission(self, request, obj=None) -> bool:
        return self._of_page().has_change_permission(request, obj)

    has_add_permission = has_delete_permission = has_change_permission
