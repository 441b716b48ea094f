"""Who was invited, and has not answered yet."""

from operator import attrgetter

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from agencies import actions
from agencies.limits import spend_invitation
from agencies.models import Invitation
from records.admin.lists import column
from records.admin.scoped import OrganizationFilter, ReadOnlyAdmin

LIST = "admin:agencies_invitation_changelist"
GONE = "This invitation has already been answered or withdrawn."


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Of the invited an officer knows the address that was typed, until they accept."""

    officer_permissions = frozenset({"invite"})
    icon = "mail"
    lead = "Access begins when the invitation is accepted. Invite somebody under Users."
    empty_title = "No invitations"
    empty_text = "Nobody has been invited yet."
    list_display = ["email", "organization", "role", "state_now", "sent_at", "expires_at"]
    list_filter = [OrganizationFilter, "state"]
    list_select_related = ["organization"]
    search_fields = ["email"]
    search_label = "E-mail"
    ordering = ["-sent_at", "-pk"]
    fields = readonly_fields = [*list_display, "answered_at"]
    change_form_template = "admin/agencies/invitation/change_form.html"

    state_now = column("state", attrgetter("state_now"), ordering="state")

    def has_invite_permission(self, request) -> bool:
        return self._allows(request, "invite")

    def get_urls(self):
        page = self.admin_site.admin_view
        mine = [
            path("<int:invitation_id>/do/<slug:key>/", page(self.do), name="agencies_invitation_do")
        ]
        return mine + super().get_urls()

    @method_decorator(require_POST)
    def do(self, request, invitation_id: int, key: str):
        """Send it again, or take it back."""
        invitation = self.get_object(request, str(invitation_id))
        if invitation is None or key not in ("again", "withdraw"):
            raise Http404
        if key == "again":
            spend_invitation(request.user)
            is_done = actions.send_invitation_again(invitation=invitation.pk, by=request.user)
            words = "The invitation was sent again."
        else:
            is_done = actions.withdraw_invitation(invitation=invitation.pk)
            words = "The invitation was withdrawn."
        if is_done:
            messages.success(request, words)
        else:
            messages.error(request, GONE)
        return redirect(LIST)
