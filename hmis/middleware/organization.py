from urllib.parse import urlencode

import pghistory
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from hmis.middleware.session import READING

ORGANIZATION = "organization"
OPEN_PAGES = (
    "account_",
    "mfa_",
    "session",
    "settings",
    "health",
    "help",
    "admin:",
    "demonstration:",
)
OPEN_PAGES += ("agencies:sessions", "agencies:end_")
OPEN_PAGES += ("accounting",)  # an administrator of no organization gives it too
OPEN_PAGES += ("agencies:answer_invitation", "agencies:factor_reset")
OPEN_PAGES += ("agencies:confirm_factor_reset",)


class OrganizationMiddleware(MiddlewareMixin):
    """Puts the organization in force on the request; asks for it where it is not yet chosen (1.1).

    `request.organization` is None on the pages that need none. What a user may see hangs on the
    memberships, never on this choice; it says for whom new records are filed.
    """

    def process_view(self, request, view, args, kwargs):
        request.organization = None
        if not request.user.is_authenticated:
            return None
        request.organization = _in_force(request)
        view_name = request.resolver_match.view_name or ""
        if request.organization is None and not view_name.startswith(OPEN_PAGES):
            # Only a page is gone back to, as what a form sent would not be sent again.
            query = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            return redirect(f"{reverse('settings')}?{query}".rstrip("?"))
        return None


class HistoryMiddleware(MiddlewareMixin):
    """Notes the user and the organization in force on every change that a request makes."""

    def __call__(self, request):
        if request.method in READING or not request.user.is_authenticated:
            return self.get_response(request)
        with pghistory.context(user=request.user.pk):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method not in READING and request.user.is_authenticated:
            organization = request.organization
            pghistory.context(organization=organization and organization.pk)


def chosen(request):
    """The organization that the user chose in this session, if it still is one of the user's."""
    membership = request.user.access.get(request.session.get(ORGANIZATION))
    return membership and membership.organization


def _in_force(request):
    organization = chosen(request)
    if organization is not None:
        return organization
    organizations = all_of_them = request.user.organizations
    if len(organizations) != 1:
        # That of a form which was opened in an earlier session of its user
        of_form = request.POST.get("organization", "")
        organizations = [one for one in organizations if str(one.pk) == of_form]
    if organizations:
        act_for(request, organizations[0])
        return organizations[0]
    if all_of_them and "form_token" in request.POST:
        # Access to the form's organization is gone: the form shows what was typed and offers the
        # others, which asking for one here would lose.
        return all_of_them[0]
    return None


def act_for(request, organization) -> None:
    """Make `organization` the one in force for the rest of the session."""
    request.session[ORGANIZATION] = organization.pk
