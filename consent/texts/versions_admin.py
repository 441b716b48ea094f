"""Versions of Release Texts: drafts, their preview, publication and retirement."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agencies.models import Organization
from agencies.requests import UserRequest
from clients.models import Client
from consent.models import TemplateText, TemplateVersion
from consent.signing.asked import end_of
from consent.signing.shown import Shown, Terms, filled_in
from consent.texts import actions
from consent.texts.admin import TEMPLATE, VERSION, OfTheCoCToo, may_write
from records.admin import ScopedInline
from records.admin.changes import events_of
from records.forms import CheckedForm

PREVIEW = "admin:consent_templateversion_preview"
CHANGED = (
    "Somebody else changed this draft since you opened it. Open its preview in another tab, and "
    "save again to put your texts in their place."
)


class VersionForm(CheckedForm):
    """A draft; it remembers how the draft was when it was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = actions.seen(self.instance) if self.instance.pk else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("seen") != self.initial["seen"]:
            # Shown again with what was typed, and saved then.
            self.data = self.data.copy()
            self.data["seen"] = self.initial["seen"]
            self.add_error(None, CHANGED)
        return data


class TextInline(ScopedInline):
    model = TemplateText
    row_label = "Text"
    fields = ["language", "title", "text"]


@admin.register(TemplateVersion)
class TemplateVersionAdmin(OfTheCoCToo):
    """A draft is written here; what is published is only looked at."""

    scope = "template__organization"
    officer_permissions = frozenset({"change", "delete"})
    form = VersionForm
    inlines = [TextInline]
    icon = "note"
    heading = "Versions of Release Texts"
    empty_title = "No versions yet"
    empty_text = "Start a draft on the page of a text: its versions are listed here."
    fields = ["months", "is_sample", "seen"]
    list_display = ["__str__", "template", "state", "languages", "published_at"]
    list_select_related = ["template__organization"]
    change_form_template = "admin/consent/templateversion/change_form.html"

    def get_queryset(self, request):
        return super().get_queryset(request).with_texts()

    def get_fields(self, request, obj=None):
        is_draft = self.has_change_permission(request, obj)
        return self.fields if is_draft else [name for name in self.fields if name != "seen"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return self._allows(request, "change") and self._is_own_draft(request, obj)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self._allows(request, "delete") and self._is_own_draft(request, obj)

    @staticmethod
    def _is_own_draft(request, version: TemplateVersion | None) -> bool:
        return version is None or (version.is_draft and may_write(request, version.template))

    def save_model(self, request, obj, form, change) -> None:
        if form.has_changed():  # its texts have a history of their own
            obj.stamp(by=request.user)
            super().save_model(request, obj, form, change)

    def response_change(self, request, obj) -> HttpResponse:
        messages.success(request, "Draft saved.")
        return redirect(PREVIEW if "_preview" in request.POST else VERSION, obj.pk)

    def delete_model(self, request, obj) -> None:
        actions.discard_draft(version=obj)

    def delete_view(self, request, object_id, extra_context=None):
        """Say that it was published while the question was open."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect("admin:consent_releasetemplate_changelist")

    def response_delete(self, request, obj_display, obj_id) -> HttpResponse:
        messages.success(request, "Draft deleted.")
        return redirect("admin:consent_releasetemplate_changelist")

    def get_deleted_objects(self, objs, request):
        """Its texts go with it, and nothing else hangs on a draft."""
        return [str(one) for one in objs], {}, set(), []

    def history_sources(self, request, obj):
        texts = events_of(TemplateText).filter(version_id=obj.pk)
        return [*super().history_sources(request, obj), texts]

    # Pages of its own

    def get_urls(self):
        page = self.admin_site.admin_view
        name = "consent_templateversion_{}".format
        return [
            path("<int:version_id>/preview/", page(self.preview), name=name("preview")),
            path("<int:version_id>/publish/", page(self.publish), name=name("publish")),
            path("<int:version_id>/retire/", page(self.retire), name=name("retire")),
            *super().get_urls(),
        ]

    @method_decorator(require_GET)
    def preview(self, request: UserRequest, version_id: int) -> HttpResponse:
        """A version as clients see it, with an invented name; a draft is published from here."""
        version = self._version(request, version_id)
        is_own = may_write(request, version.template)
        page = self.admin_site.each_context(request) | {
            "title": f"Preview: {version}",
            "version": version,
            "shown": _previewed(version, request),
            "seen": actions.seen(version),
            "may_publish": version.is_draft and is_own and bool(version.in_order),
        }
        return render(request, "admin/consent/templateversion/preview.html", page)

    @method_decorator(require_POST)
    def publish(self, request: UserRequest, version_id: int) -> HttpResponse:
        version = self._version(request, version_id, to_write=True)
        seen_as = request.POST.get("seen", "")
        try:
            version = actions.publish(version=version, seen_as=seen_as, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect(PREVIEW, version_id)
        messages.success(
            request, f"{version} is in force. Clients are asked to sign it from now on."
        )
        return redirect(TEMPLATE, version.template_id)

    @method_decorator(require_http_methods(["GET", "POST"]))
    def retire(self, request: UserRequest, version_id: int) -> HttpResponse:
        """GET asks, POST does it."""
        version = self._version(request, version_id, to_write=True)
        if request.method == "POST":
            try:
                actions.retire(version=version, by=request.user)
            except ValidationError as error:
                messages.error(request, error.messages[0])
            else:
                messages.success(request, f"{version} is retired.")
            return redirect(TEMPLATE, version.template_id)
        page = self.admin_site.each_context(request) | {
            "title": f"Retire {version}?",
            "version": version,
            "back_url": reverse(TEMPLATE, args=[version.template_id]),
        }
        return render(request, "admin/consent/templateversion/retire.html", page)

    def _version(
        self, request: UserRequest, version_id: int, *, to_write: bool = False
    ) -> TemplateVersion:
        """Raises Http404 for one that is not for the officer, PermissionDenied for the CoC's."""
        version = self.get_object(request, str(version_id))
        if version is None or not self.has_view_permission(request, version):
            raise Http404
        if to_write and not may_write(request, version.template):
            raise PermissionDenied
        return version


def _previewed(version: TemplateVersion, request: UserRequest) -> Shown:
    """All languages of a version, filled in as for a client who does not exist.

    An administrator who works for no organization reads an invented one, too.
    """
    languages = [one.language for one in version.in_order]
    today = timezone.localdate()
    nobody = Client(first_name="Alex", last_name="Sample")
    organization = version.template.organization or request.organization
    organization = organization or Organization(organization_name="Sample Agency")
    terms = Terms([nobody], organization, None, today, end_of(version, today))
    return filled_in(version, languages, terms)
