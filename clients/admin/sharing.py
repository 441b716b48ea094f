"""How much is shared: the CoC's policy, and the stricter choice of an agency (13.2)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods

from agencies.models import Organization, Sharing, SharingPolicy
from agencies.requests import UserRequest
from agencies.sharing import community_policy, set_community_policy, set_sharing
from clients.forms.sharing import SAME, SharingForm, of_organization, of_the_coc
from clients.sharing_effects import MOST, Changes, effects, hides
from records.admin import own_organizations, render_in_workspace
from records.admin.changes import PAGE, events_of, page_of


def sharing_pages(protected: Callable) -> list[URLPattern]:
    """Return the pages; `protected` lets only Data Quality Officers and administrators in."""
    return [
        path("sharing/", protected(sharing), name="sharing"),
        path("sharing/policy/", protected(change_policy), name="sharing_policy"),
        path(
            "sharing/<int:organization_id>/",
            protected(change_organization),
            name="sharing_organization",
        ),
    ]


@require_GET
def sharing(request: UserRequest) -> HttpResponse:
    """The policy with its history, and the user's organizations with what is in force."""
    own = own_organizations(request)
    page = {
        "policy": community_policy(),
        "organizations": [(one, Sharing(one.sharing_in_force)) for one in own],
        "entries": page_of([events_of(SharingPolicy).all()], request.user, first=0)[:PAGE],
    }
    return render_in_workspace(request, "admin/clients/sharing.html", page)


@require_http_methods(["GET", "POST"])
def change_policy(request: UserRequest) -> HttpResponse:
    """The CoC's policy, which administrators change."""
    if not request.user.is_superuser:
        raise PermissionDenied
    rows = Organization.objects.order_by("pk").values_list("pk", "sharing", "sharing_in_force")
    now = community_policy().value
    form = SharingForm(request.POST or None, choices=of_the_coc(), initial=_initial(now))

    def changes(chosen: str) -> Changes:
        return {pk: (in_force, Sharing.strictest(own, chosen)) for pk, own, in_force in rows}

    def save(chosen: str, seen: str) -> None:
        set_community_policy(policy=chosen, seen=seen, by=request.user)

    return _answer(request, form, changes, save, title="Sharing policy of the CoC")


@require_http_methods(["GET", "POST"])
def change_organization(request: UserRequest, organization_id: int) -> HttpResponse:
    """An agency's own choice, for its officers."""
    own = Organization.objects.filter(pk__in=request.user.dqo_organizations)
    row = get_object_or_404(own, pk=organization_id)
    policy = community_policy()
    choices = of_organization(policy, row.sharing)
    form = SharingForm(request.POST or None, choices=choices, initial=_initial(row.sharing or SAME))

    def changes(chosen: str) -> Changes:
        return {row.pk: (row.sharing_in_force, Sharing.strictest(policy, _choice(chosen)))}

    def save(chosen: str, seen: str) -> None:
        set_sharing(
            organization=row.pk, sharing=_choice(chosen), seen=_choice(seen), by=request.user
        )

    return _answer(request, form, changes, save, title=f"Sharing of {row}")


def _choice(chosen: str) -> str:
    return "" if chosen == SAME else chosen


def _initial(now: str) -> dict[str, str]:
    return {"sharing": now, "seen": now}


def _answer(
    request: UserRequest,
    form: SharingForm,
    changes: Callable[[str], Changes],
    save: Callable[[str, str], None],
    *,
    title: str,
) -> HttpResponse:
    """Preview what is chosen; a choice that was previewed is saved."""
    page: dict[str, Any] = {"title": title, "form": form}
    if form.is_valid():
        chosen, seen = form.cleaned_data["sharing"], form.cleaned_data["seen"]
        if form.is_previewed and "save" in request.POST:
            try:
                save(chosen, seen)
            except ValidationError as refusal:
                form.add_error(None, refusal)
            else:
                messages.success(request, f"{title} saved. It is in force now.")
                return redirect("admin:sharing")
        else:
            page |= _preview(form, chosen, seen, changes(chosen))
    return render_in_workspace(request, "admin/clients/set_sharing.html", page)


def _preview(form: SharingForm, chosen: str, seen: str, changes: Changes) -> dict[str, Any]:
    initial = {"sharing": chosen, "previewed": chosen, "seen": seen}
    return {
        "form": SharingForm(choices=form.fields["sharing"].choices, initial=initial),  # type: ignore[attr-defined]
        "is_previewed": True,
        "effects": effects(changes),
        "hides": hides(changes),
        "most": MOST,
    }
