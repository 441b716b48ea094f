"""Looking up a user of an organization: the field, and what its pop-up searches (R4.4)."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from agencies.models import Organization, User
from hud.text import as_id
from records.form_fields import LineField
from records.searched_select import SearchedSelect
from records.statements import compiled

CHOSEN = "chosen"  # how the page behind the pop-up hears of the choice without JavaScript
MOST = 25
OFFERED = 50


class UserLookupForm(forms.Form):
    name = LineField(label="Name", required=False, max_length=100)
    organization = forms.ModelChoiceField(
        Organization.objects.all(),
        label="Organization",
        empty_label=None,
        widget=SearchedSelect,
        error_messages={"invalid_choice": "Choose one of the listed organizations."},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        # The form under the pop-up has an organization too: no id may be there twice.
        super().__init__(*args, auto_id="lookup_%s", **kwargs)
        self.fields["name"].widget.attrs["autocomplete"] = "off"

    @property
    def found(self) -> tuple[list[User], bool]:
        """The users that match, as many as are shown, and whether there are more."""
        data = self.cleaned_data
        users = User.objects.with_access_to(data["organization"]).named(data["name"])
        rows = list(users[: MOST + 1])
        return rows[:MOST], len(rows) > MOST


class UserSelect(forms.Select):
    """The users `offered`, and a magnifying glass that looks up any other.

    Without JavaScript the look-up leads back to `next_url`.
    """

    template_name = "agencies/user_select.html"
    offered: Iterable[User] = ()
    next_url = ""

    def optgroups(self, name, value, attrs=None):
        offered = {str(user.pk): user for user in self.offered}
        picked = {as_id(one) for one in map(str, value) if one not in offered} - {None}
        if picked:
            users = User.objects.with_access().in_bulk(picked)
            offered |= {str(pk): user for pk, user in users.items()}
        self.choices = [(pk, str(user)) for pk, user in offered.items()]
        if not self.is_required or not set(map(str, value)) & set(offered):
            self.choices = [("", "Choose…"), *self.choices]
        return super().optgroups(name, value, attrs)

    def use_required_attribute(self, initial) -> bool:
        return False  # Django would read every user to decide

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["lookup_url"] = lookup_url(context["widget"]["attrs"].get("id", ""), self.next_url)
        return context


class UserField(forms.ModelChoiceField):
    """Any active user with access to an organization; the list holds those offered first."""

    widget = UserSelect

    def __init__(self, **options: Any):
        super().__init__(**({"queryset": User.objects.with_access()} | options))
        self.error_messages["invalid_choice"] = "Choose an HMIS user who is active."

    def offer(self, users: Iterable[User], *, next_url: str) -> None:
        self.widget.offered, self.widget.next_url = users, next_url

    def offer_colleagues(
        self,
        user: User,
        organization: Organization | None,
        *,
        but: User | None = None,
        next_url: str,
    ) -> None:
        """Offer oneself and the first colleagues of an organization, read where it is shown.

        Args:
            but: who is not offered.
        """

        def offered() -> list[User]:
            colleagues = _first_users(organization.pk) if organization else []
            return [one for one in dict.fromkeys([user, *colleagues]) if one != but]

        self.offer(SimpleLazyObject(offered), next_url=next_url)


@compiled
def _first_users(organization_id: int) -> QuerySet[User]:
    return User.objects.with_access_to(organization_id)[:OFFERED]


def lookup_url(field_id: str, next_url: str) -> str:
    """The address of the pop-up for the field of that id."""
    query = urlencode({"for": field_id, "next": next_url})
    return f"{reverse('agencies:user_lookup')}?{query}"


def chosen(request: HttpRequest) -> dict[str, int]:
    """What was looked up without JavaScript, as initial data: the field's name and a user's id."""
    field, _, text = request.GET.get(CHOSEN, "").partition(":")
    pk = as_id(text)
    return {} if pk is None or not field else {field: pk}


def with_choice(next_url: str, field_id: str, user: User) -> str:
    """The page to return to, with who was chosen for which of its fields."""
    parts = urlsplit(next_url)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key != CHOSEN]
    query = urlencode([*kept, (CHOSEN, f"{field_id.removeprefix('id_')}:{user.pk}")])
    return urlunsplit(parts._replace(query=query))
