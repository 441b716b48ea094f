from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies import limits
from agencies.models import LimitedUse, User
from agencies.requests import UserRequest
from agencies.user_lookup import UserLookupForm, with_choice
from records.pages import own_address


@require_GET
def user_lookup(request: UserRequest):
    """The pop-up that finds a user of an organization (R4.4)."""
    query = request.GET
    form = UserLookupForm(
        query if "organization" in query else None, initial={"organization": request.organization}
    )
    field_id, next_url = query.get("for", "")[:100], query.get("next", "")
    if next_url != own_address(request, next_url):
        next_url = ""
    page = {"form": form, "field_id": field_id, "next_url": next_url}
    if form.is_valid():
        limits.require(request.user, LimitedUse.LOOKUPS)
        organization = form.cleaned_data["organization"]
        users, has_more = form.found
        page |= {
            "searched": organization,
            "has_more": has_more,
            "rows": [
                {"user": user, "url": next_url and with_choice(next_url, field_id, user)}
                for user in users
            ],
            "officers": [] if users else User.objects.officers_of(organization),
        }
    return render(request, "agencies/user_lookup.html", page)
