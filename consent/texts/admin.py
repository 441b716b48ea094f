"""Release Texts in the Data Quality workspace: the text of an organization, with its versions."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from agencies.requests import UserRequest
from consent.models import ReleaseTemplate, TemplateText, TemplateVersion
from consent.texts import actions
from records.admin import ScopedAdmin
from records.admin.changes import events_of

TEMPLATE = "admin:consent_releasetemplate_change"
VERSION = "admin:consent_templateversion_change"


def may_write(request: UserRequest, template: ReleaseTemplate) -> bool:
    """An officer the texts of the own organizations, an administrator all, the CoC's too."""
    own = template.organization_id in request.user.dqo_organizations
    return request.user.is_superuser or (template.organization_id is not None and own)


class OfTheCoCToo(ScopedAdmin):
    """Officers see what their clients are asked to sign, where that is the CoC's text as well."""

    def limit_queryset(self, rows, request):
        own = Q(**{f"{self.scope}__in": request.user.dqo_organizations})
        return rows.filter(own | Q(**{self.scope: None}))


@admin.register(ReleaseTemplate)
class ReleaseTemplateAdmin(OfTheCoCToo):
    """The text of an organization: its versions, and the draft of the next one."""

    officer_permissions = frozenset({"add"})
    icon = "note"
    heading = "Release Texts"
    lead = (
        "What clients are asked to sign on the screen: the text of the organization that asks, or "
        "else that of the CoC."
    )
    empty_title = "No texts yet"
    empty_text = "Add the text of the CoC, or of one organization. A sample is there to begin with."
    fields = ["organization"]
    list_display = ["__str__", "in_force", "draft"]
    list_select_related = ["organization"]
    change_form_template = "admin/consent/releasetemplate/change_form.html"

    def get_queryset(self, request):
        versions = TemplateVersion.objects.select_related("published_by").prefetch_related("texts")
        return super().get_queryset(request).prefetch_related(Prefetch("versions", versions))

    def get_form(self, request, obj=None, change=False, **kwargs: Any):
        form = super().get_form(request, obj, change, **kwargs)
        if field := form.base_fields.get("organization"):
            field.required = not request.user.is_superuser
            field.empty_label = field.empty_label if field.required else "All of the CoC"
        return form

    def has_change_permission(self, request, obj=None) -> bool:
        return False  # its versions are written, each once

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def save_model(self, request, obj, form, change) -> None:
        obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None) -> HttpResponse:
        """Lead on to the first draft."""
        return redirect(VERSION, actions.start_draft(template=obj, by=request.user).pk)

    def get_urls(self):
        draft = self.admin_site.admin_view(self.draft_view)
        return [
            path("<int:template_id>/draft/", draft, name="consent_releasetemplate_draft"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def draft_view(self, request: UserRequest, template_id: int) -> HttpResponse:
        """Begin the draft of the next version."""
        template = self.get_object(request, str(template_id))
        if template is None:
            raise Http404
        if not may_write(request, template):
            raise PermissionDenied
        try:
            draft = actions.start_draft(template=template, by=request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect(TEMPLATE, template.pk)
        return redirect(VERSION, draft.pk)

    def render_change_form(self, request, context, *args: Any, **options: Any):
        template = context.get("original")
        context |= {"may_write": bool(template) and may_write(request, template)}
        return super().render_change_form(request, context, *args, **options)

    def history_sources(self, request, obj):
        """The history of its versions too, and of their texts."""
        versions = events_of(TemplateVersion).filter(template_id=obj.pk)
        texts = events_of(TemplateText).filter(version_id__in=obj.versions.values("pk"))
        return [*super().history_sources(request, obj), versions, texts]
