from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from agencies import actions

GONE = "This invitation can no longer be answered. Ask the organization for a new one."


@require_POST
def answer(request, invitation_id: int, key: str):
    """Accept or decline an invitation of the user's own, from Home or Settings."""
    if key == "accept":
        membership = actions.accept_invitation(invitation=invitation_id, by=request.user)
        if membership is None:
            messages.error(request, GONE)
            return redirect("settings")
        messages.success(request, f"You now have access to {membership.organization}.")
        return redirect("home")
    if key != "decline":
        raise Http404
    if actions.decline_invitation(invitation=invitation_id, by=request.user):
        messages.success(request, "Declined. The organization sees only that you declined.")
    else:
        messages.error(request, GONE)
    return redirect("settings")
