"""Users: invited, deactivated, reactivated, given a new second factor."""

from operator import attrgetter

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from agencies import actions
from agencies.admin.account_actions import ACCOUNT_ACTIONS, AccountAction
from agencies.admin.invitations import LIST as INVITATIONS
from agencies.admin.organizations import SuccessorForm, hand_over
from agencies.limits import spend_invitation
from agencies.models import FactorReset, Membership, Organization, Role, SecurityEvent, User
from agencies.security_events import record_event
from agencies.work import open_work
from records.admin.changes import events_of
from records.admin.lists import column
from records.admin.scoped import ScopedAdmin, own_organizations
from records.form_fields import LineField
from records.searched_select import SearchedSelect


class InviteForm(forms.Form):
    organization = forms.ModelChoiceField(
        queryset=Organization.objects.none(), empty_label=None, widget=SearchedSelect
    )
    email = forms.EmailField(label="Work e-mail", max_length=254)
    first_name = LineField(label="First name", max_length=150)
    last_name = LineField(label="Last name", max_length=150)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.CASE_MANAGER)

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        own = [one.pk for one in own_organizations(request)]
        self.fields["organization"].queryset = Organization.objects.filter(pk__in=own)
        self.fields["email"].widget.attrs["autocomplete"] = "off"

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()

    def clean(self):
        data = super().clean()
        email, organization = data.get("email"), data.get("organization")
        here = Membership.objects.filter(user__email=email, organization=organization)
        # Officers do not learn of an administrator's own access.
        if email and organization and here.filter(user__is_superuser=False).exists():
            self.add_error("email", f"This user already has access to {organization}.")
        return data


@admin.register(User)
class UserAdmin(ScopedAdmin):
    officer_permissions = frozenset({"add", "change"})
    icon = "users"
    lead = "Everyone who works for your organizations."
    empty_title = "No users"
    empty_text = "Whoever accepts an invitation to your organizations is listed here."
    add_label = "Invite a user"
    list_display = ["name", "email", "state", "roles", "two_steps", "last_log_in"]
    list_filter = ["is_active"]
    search_fields = ["email", "first_name", "last_name"]
    search_label = "Name or e-mail"
    ordering = ["last_name", "first_name", "pk"]
    change_form_template = "admin/agencies/user/change_form.html"

    def get_queryset(self, request):
        """With the access to the officer's organizations; what else there is, is not read."""
        rows = super().get_queryset(request)
        access = Membership.objects.select_related("organization")
        if not request.user.is_superuser:
            access = access.filter(organization__in=request.user.dqo_organizations)
        factors = Authenticator.objects.filter(user=OuterRef("pk"))
        resets = FactorReset.objects.filter(user=OuterRef("pk"), ended_at=None)
        rows = rows.annotate(
            has_second_factor=Exists(factors.order_by()), has_open_reset=Exists(resets.order_by())
        )
        return rows.prefetch_related(Prefetch("memberships", access, to_attr="shown_access"))

    def limit_queryset(self, rows, request):
        return rows.known_to(request.user)

    @admin.display(description="name", ordering="last_name")
    def name(self, user: User) -> str:
        return f"{user.last_name}, {user.first_name}" if user.last_name else str(user)

    state = column("state", attrgetter("state"), ordering="is_active")
    two_steps = column(
        "two-step log-in", lambda user: "Set up" if user.has_second_factor else "Not set up"
    )
    last_log_in = column("last log-in", attrgetter("last_login"), ordering="last_login")

    @admin.display(description="access")
    def roles(self, user: User) -> str:
        if user.is_superuser:
            return "Administrator"
        shown = [f"{one.organization}: {one.get_role_display()}" for one in user.shown_access]
        return ", ".join(shown) or "None"

    # One user

    def has_change_permission(self, request, obj=None) -> bool:
        user = request.user
        may_edit = obj is None or user.is_superuser or user.may_manage(obj)
        return self._allows(request, "change") and may_edit

    def has_delete_permission(self, request, obj=None) -> bool:
        """What a user did stays, and with it who it was: accounts are deactivated."""
        return False

    def get_fields(self, request, obj=None):
        rights = ["is_superuser"] if request.user.is_superuser else []
        return ["email", "first_name", "last_name", "user_phone", "user_extension", *rights]

    def get_readonly_fields(self, request, obj=None):
        """The e-mail is the log-in: whoever could change it could take the account over."""
        if not request.user.is_superuser:
            return ["email"]
        return ["is_superuser"] if obj == request.user else []

    def save_model(self, request, obj, form, change) -> None:
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            actions.end_sessions(user=obj)
            record_event(SecurityEvent.Kind.EMAIL_CHANGED, request=request, subject=obj)
        if "is_superuser" in form.changed_data:
            kind = SecurityEvent.Kind.ADMINISTRATOR_CHANGED
            detail = {"is_administrator": obj.is_superuser}
            record_event(kind, request=request, subject=obj, detail=detail)

    def history_sources(self, request, obj):
        """Officers see what happened for their own organizations, and no more."""
        users = events_of(User).filter(pgh_obj_id=obj.pk)
        access = events_of(Membership).filter(user_id=obj.pk)
        if not request.user.is_superuser:
            own = request.user.dqo_organizations
            access = access.filter(organization_id__in=own)
            if not request.user.may_manage(obj):
                users = users.filter(pgh_context__organization__in=own)
        return [users, access]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        user = self.get_object(request, object_id)
        page = {}
        if user:
            page = {
                "person": user,
                "actions": [action for action in ACCOUNT_ACTIONS.values() if action.is_open(user)],
                "may_manage": request.user.may_manage(user),
                "access": [(one, request.user.may_manage_access(one)) for one in user.shown_access],
                "work": open_work(user, self._organizations(user)),
                "hand_over_url": reverse("admin:agencies_user_hand_over", args=[user.pk]),
            }
        return super().change_view(request, object_id, form_url, page | (extra_context or {}))

    @staticmethod
    def _organizations(user: User) -> list[int]:
        return [one.organization_id for one in user.shown_access]

    # Pages of its own

    def get_urls(self):
        page = self.admin_site.admin_view
        mine = [
            path("<int:user_id>/do/<slug:key>/", page(self.do), name="agencies_user_do"),
            path("<int:user_id>/hand-over/", page(self.hand_over), name="agencies_user_hand_over"),
        ]
        return mine + super().get_urls()

    def add_view(self, request, form_url="", extra_context=None):
        """Invite: the only way in which accounts are made here; access begins with the answer."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = InviteForm(request.POST or None, request=request)
        if form.is_valid():
            spend_invitation(request.user)
            invitation = actions.invite(**form.cleaned_data, by=request.user)
            messages.success(request, f"An invitation is on its way to {invitation.email}.")
            return redirect(INVITATIONS)
        page = self.admin_site.each_context(request) | {"title": "Invite a user", "form": form}
        return render(request, "admin/agencies/user/invite.html", page)

    @method_decorator(require_http_methods(["GET", "POST"]))
    def do(self, request, user_id: int, key: str):
        """GET asks whether to do something to an account, POST does it."""
        user = self.get_object(request, str(user_id))
        action = ACCOUNT_ACTIONS.get(key)
        if user is None or action is None:
            raise Http404
        may_manage = request.user.may_manage(user)
        if request.method == "POST":
            self._check(request, action, may_manage=may_manage)
        form = None
        if action.ends_work:
            form = SuccessorForm(request, user=user, organizations=self._organizations(user))
        work = form.work if form else []
        asked = action.form(request.POST or None) if action.form else None
        questions = [asked, form if work else None]
        if request.method == "POST" and all(one is None or one.is_valid() for one in questions):
            with transaction.atomic():
                if action.is_open(user):
                    action.do(user, request.user, asked.cleaned_data if asked else {})
                    messages.success(request, action.done)
                if work:
                    hand_over(request, form)
            return redirect(reverse("admin:agencies_user_change", args=[user.pk]))
        page = self.admin_site.each_context(request) | {
            "title": action.question,
            "person": user,
            "action": action,
            "may_manage": may_manage and action.is_open(user),
            "access": [one for one in user.shown_access if request.user.may_manage_access(one)],
            "work": work,
            "form": form,
            "asked": asked,
        }
        return render(request, "admin/agencies/user/account_action.html", page)

    @staticmethod
    def _check(request, action: AccountAction, *, may_manage: bool) -> None:
        """What has to hold before an action is done; the password may be asked for first."""
        if not may_manage:
            raise PermissionDenied
        if action.needs_confirmation:
            raise_if_reauthentication_required(request, app="agencies")
        if action.is_invitation:
            spend_invitation(request.user)

    @method_decorator(require_http_methods(["GET", "POST"]))
    def hand_over(self, request, user_id: int):
        """Hand over at once a user's open work for the officer's organizations."""
        user = self.get_object(request, str(user_id))
        if user is None:
            raise Http404
        access = [one for one in user.shown_access if request.user.may_manage_access(one)]
        if not access:
            raise PermissionDenied
        organizations = [one.organization_id for one in access]
        form = SuccessorForm(request, user=user, organizations=organizations)
        form.fields["successor"].required = True
        form.fields["successor"].help_text = "Starting today."
        if form.is_valid():
            hand_over(request, form)
            return redirect(reverse("admin:agencies_user_change", args=[user.pk]))
        page = self.admin_site.each_context(request) | {
            "title": "Hand over everything",
            "person": user,
            "work": form.work,
            "form": form,
        }
        return render(request, "admin/agencies/user/hand_over.html", page)
