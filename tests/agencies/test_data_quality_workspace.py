"""11.1: an officer neither sees nor guesses nor changes anything of another agency's in admin.

The walk takes every registered model, with one row of the own organization and one of another; what
is answered about the other's row is what would be answered about one that does not exist.
"""

import json
import re
import uuid
from contextlib import suppress
from copy import copy
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import quote
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import SuspiciousOperation
from django.db import connection, models
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, reverse

from agencies.admin.account_actions import ACCOUNT_ACTIONS
from agencies.admin.organizations import OrganizationAdmin
from agencies.models import Membership, Organization, Project, User
from clients.models import ClientAccess, ClientMerge, EmergencyAccess
from consent.models import ReleaseTemplate
from enrollments.models import IntakeDraft
from tests.agencies.admin.rows import OF_CAS, ROWS
from tests.factories import MembershipFactory, OrganizationFactory, ProjectFactory, UserFactory
from tests.pages import without_tokens

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# The pages that an admin class has beside Django's own, with what stands in their addresses.
PAGES_OF_THEIR_OWN = {
    "agencies_user_do": [
        {"user_id": "row.pk", "key": key} for key in (*ACCOUNT_ACTIONS, "nonsense")
    ],
    "agencies_invitation_do": [
        {"invitation_id": "row.pk", "key": key} for key in ("again", "withdraw", "nonsense")
    ],
    "agencies_user_hand_over": [{"user_id": "row.pk"}],
    "agencies_project_restore": [{"object_id": "row.pk", "kind": "funder", "id": "row.pk"}],
    "enrollments_intakedraft_end": [{"draft_id": "row.pk"}],
    "clients_clientaccess_trail": [{}],
    "clients_duplicatereport_different": [{"report_id": "row.pk"}],
    "clients_merge": [{"client_1_id": "row.survivor_id", "client_2_id": "row.merged_id"}],
    "consent_releasetemplate_draft": [{"template_id": "row.pk"}],
    **{
        f"consent_templateversion_{page}": [{"version_id": "row.pk"}]
        for page in ("preview", "publish", "retire")
    },
}
every_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


def url(model, page="changelist", pk=None):
    args = [] if pk is None else [quote(pk)]
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def absent_key(model):
    return uuid.UUID(int=7) if model._meta.pk.get_internal_type() == "UUIDField" else 987_654_321


def words(text: str, *keys) -> str:
    """What a page says, without its tokens, its minute and the keys that were asked for."""
    text = without_tokens(text)
    for key in map(str, keys):
        text = text.replace(f"“{key}”", "“KEY”").replace(f"/{key}/", "/KEY/")
    return text


def all_of(answer, *keys):
    """All that an answer tells: its status, where it leads, and its words."""
    location = words(answer.headers.get("Location", ""), *keys)
    return answer.status_code, location, words(answer.content.decode(), *keys)


def unread(answer) -> str:
    """The messages that the next page would show; it shows them no more."""
    session = answer.wsgi_request.session
    said = str(json.loads(session.pop("_messages", "[]")))
    session.save()
    return said


@pytest.fixture
def walk(portal, harbor, bridge, cas_organization, dana, cass):
    """Return a function that gives an officer's browser with an own row and one of another."""

    def rows(model):
        if model in OF_CAS:
            officer, own, others = cass, cas_organization, OrganizationFactory(is_cas=True)
        else:
            officer, own, others = dana, harbor, bridge
        return SimpleNamespace(
            browser=portal(officer),
            officer=officer,
            admin=admin.site.get_model_admin(model),
            own=ROWS[model](own),
            other=ROWS[model](others),
            absent=absent_key(model),
            organization=others,
        )

    return rows


def values(row):
    """The row as the database has it."""
    manager = getattr(type(row), "with_deleted", type(row)._base_manager)
    return manager.filter(pk=row.pk).values().first()


def test_every_registered_model_is_walked():
    assert set(MODELS) == set(ROWS)


def test_every_page_of_their_own_is_walked():
    found = set()
    for model_admin in admin.site._registry.values():
        standard = {"changelist", "add", "history", "delete", "change"}
        prefix = f"{model_admin.opts.app_label}_{model_admin.opts.model_name}_"
        names = {one.name for one in model_admin.get_urls() if isinstance(one, URLPattern)}
        found |= names - {f"{prefix}{page}" for page in standard} - {None}
    assert found == set(PAGES_OF_THEIR_OWN)


@every_model
def test_list_has_own_rows_and_no_others(walk, model):
    case = walk(model)
    page = case.browser.get(url(model))
    assert page.status_code == 200
    listed = {row.pk for row in page.context["cl"].result_list}
    assert case.own.pk in listed
    assert case.other.pk not in listed
    html = words(page.content.decode())
    assert str(case.organization) not in html


@every_model
def test_list_answers_nothing_about_another_row(walk, model):
    """Searched, filtered, sorted, popped up: the other's row is never in the list."""
    case = walk(model)
    page = case.browser.get(url(model))
    # Filters that are chosen from offer what they offer to everybody of the organization.
    queries = [{"_popup": "1"}, {"_facets": "True"}, {"e": "1"}, {"all": ""}, {"o": "-1.2.3"}]
    texts = sorted(every_text(case.other))
    boxes = sorted({box["name"] for box in page.context["cl"].boxes})
    typed = [{"q": text[:100]} for text in (texts if searches(case.admin) else texts[:1])]
    typed += [{box: value[:100]} for box in boxes for value in sorted(every_value(case.other))]
    assert case.own.pk in {row.pk for row in rows_of_list(case, page, "")}
    for query in [*queries, *typed]:
        with suppress(IncorrectLookupParameters, SuspiciousOperation):
            listed = rows_of_list(case, page, urlencode(query))
            assert case.other.pk not in {row.pk for row in listed}, query
    answer = case.browser.get(url(model), queries[0] | {"q": texts[0][:100]})
    assert answer.status_code in (200, 302, 400)
    if answer.status_code == 200:
        assert case.other.pk not in {row.pk for row in answer.context["cl"].result_list}


def searches(model_admin) -> bool:
    """Whether the list looks for what is typed; another one takes no notice of it."""
    is_own = type(model_admin).get_search_results is not admin.ModelAdmin.get_search_results
    return is_own or bool(model_admin.search_fields)


def rows_of_list(case, page, query: str) -> list[models.Model]:
    """What the list would show for an address, without a request for each."""
    request = copy(page.wsgi_request)
    request.GET = QueryDict(query)
    return case.admin.get_changelist_instance(request).result_list


def every_text(row) -> set[str]:
    """Everything of a row and of what it refers to that one could type."""
    return texts_of(row, lambda field: True)


def every_value(row) -> set[str]:
    """Everything that a box could be asked for: of the row, and the keys of what it refers to."""
    return texts_of(row, lambda field: field.is_relation or field.primary_key)


def texts_of(row, is_asked_for) -> set[str]:
    """Each column of a row, and of the rows to which it refers those that are asked for."""
    found = set()
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        found.add(str(value))
        if isinstance(field, models.ForeignKey) and value is not None:
            related = getattr(row, field.name)
            columns = filter(is_asked_for, related._meta.concrete_fields)
            found |= {str(getattr(related, one.attname)) for one in columns}
    return {one.replace("\x00", "") for one in found if one}


@every_model
def test_no_column_can_be_guessed_by_a_lists_address(walk, model):
    """Only the boxes of the list filter it; every other column, near or far, is refused."""
    case = walk(model)
    page = case.browser.get(url(model))
    boxes = {box["name"] for box in page.context["cl"].boxes}
    # A box that asks for yes or no has a second name, for neither.
    names = {box.split("__")[0] for box in boxes if "__" in box}
    boxes |= {f"{name}__{lookup}" for name in names for lookup in ("isnull", "isempty")}
    boxes |= {"organization"}  # is there for officers of several
    lookups = ("", "__exact", "__startswith", "__regex", "__isnull", "__gt")
    near, every = columns(model, depth=1), columns(model, depth=2)
    for name in every:
        for lookup in lookups:
            param = f"{name}{lookup}"
            allowed = case.admin.lookup_allowed(param, "1", page.wsgi_request)
            assert not allowed or param in boxes, param
    # The list refuses what is not allowed: asked for the near columns, and the first that is far.
    for name in [*near, *[one for one in every if one not in near][:1]]:
        if name not in boxes:
            with pytest.raises(SuspiciousOperation):
                rows_of_list(case, page, urlencode({name: "1"}))
    name = next(name for name in every if name not in boxes)
    assert case.browser.get(url(model), {name: "1"}).status_code == 400


def columns(model, *, depth: int) -> list[str]:
    found = []
    for field in model._meta.get_fields():
        if not field.concrete:
            continue
        found.append(field.name)
        if depth > 1 and isinstance(field, models.ForeignKey):
            related = columns(field.related_model, depth=depth - 1)
            found += [f"{field.name}__{one}" for one in related]
    return found


@every_model
def test_other_row_is_as_good_as_absent(walk, model):
    case = walk(model)
    before = values(case.other)
    for page in ("change", "delete", "history"):
        for verb in ("get", "post"):
            answers = []
            for key in (case.other.pk, case.absent):
                data = {"post": "yes", "_save": "1"} if verb == "post" else {}
                answer = getattr(case.browser, verb)(url(model, page, key), data)
                answers.append((*all_of(answer, key), words(unread(answer), key)))
            assert answers[0] == answers[1], (page, verb)
            assert answers[0][0] in (302, 403, 404), (page, verb)
    assert values(case.other) == before


@every_model
def test_other_row_is_not_reached_through_another_column(walk, model):
    case = walk(model)
    page = case.browser.get(url(model))
    refused = 0
    for field in model._meta.concrete_fields:
        if not case.admin.to_field_allowed(page.wsgi_request, field.name):
            refused += 1
            if refused > 1:
                continue  # the page and the list refuse the first one, as any other
        value = str(getattr(case.other, field.attname))
        address = url(model, "change", value or "x")
        answer = case.browser.get(address, {"_to_field": field.name})
        assert answer.status_code in (302, 400, 403, 404), field.name
        with suppress(SuspiciousOperation):
            rows_of_list(case, page, urlencode({"_to_field": field.name}))
    assert case.browser.get(url(model), {"_to_field": "nonsense"}).status_code == 400


@every_model
def test_own_row_opens(walk, model):
    case = walk(model)
    assert case.browser.get(url(model, "change", case.own.pk)).status_code == 200
    assert case.browser.get(url(model, "history", case.own.pk)).status_code == 200


@every_model
def test_actions_do_nothing_to_other_rows(walk, model):
    case = walk(model)
    page = case.browser.get(url(model))
    before = values(case.other)
    names = [name for name, _ in case.admin.get_action_choices(page.wsgi_request) if name]
    for name in [*names, "delete_selected", "nonsense"]:
        for across in ("0", "1"):
            answers = []
            # Across all rows of the list, whichever is ticked.
            for key in (case.other.pk, case.absent) if across == "0" else [case.other.pk]:
                data = {
                    "action": name,
                    "index": "0",
                    "select_across": across,
                    "_selected_action": [key],
                }
                answer = case.browser.post(url(model), data)
                answers.append((*all_of(answer), unread(answer)))
            assert answers[0] == answers[-1], name
            assert values(case.other) == before, (name, across)


def test_autocomplete_offers_only_own_rows(walk, monkeypatch):
    """Django's look-up answers for every relation to a model whose list can be searched.

    A relation narrows what its model offers: each is asked for all, and the first for every text.
    """
    monkeypatch.setattr(AutocompleteJsonView, "paginate_by", 10_000)
    asked = 0
    for model in MODELS:
        case = walk(model)
        terms = ["", *every_text(case.other)]
        for source in [*MODELS, ClientAccess]:
            for field in source._meta.get_fields():
                if getattr(field, "related_model", None) is not model or not field.concrete:
                    continue
                relation = {
                    "app_label": source._meta.app_label,
                    "model_name": source._meta.model_name,
                    "field_name": field.name,
                }
                answer = case.browser.get(reverse("admin:autocomplete"), relation)
                assert answer.status_code in (200, 403, 404), (source, field.name)
                if answer.status_code != 200:
                    continue  # whatever is typed
                request = copy(answer.wsgi_request)
                for term in terms:
                    request.GET = QueryDict(urlencode(relation | {"term": term[:60]}))
                    found = json.loads(admin.site.autocomplete_view(request).content)
                    asked += 1
                    keys = {one["id"] for one in found["results"]}
                    assert str(case.other.pk) not in keys, (source, field.name, term)
                terms = [""]
    assert asked


@pytest.mark.parametrize("name", PAGES_OF_THEIR_OWN)
def test_pages_of_their_own_treat_other_rows_as_absent(walk, name):
    if name == "clients_merge":
        model = ClientMerge
    else:
        model = next(one for one in MODELS if name.startswith(url_prefix(one)))
    case = walk(model)
    before = values(case.other)
    for given in PAGES_OF_THEIR_OWN[name]:
        for verb in ("get", "post"):
            answers = []
            for row in (case.other, None):
                parts = {part: part_of(row, value, case.absent) for part, value in given.items()}
                answer = getattr(case.browser, verb)(reverse(f"admin:{name}", kwargs=parts))
                answers.append(all_of(answer, *parts.values()))
            assert answers[0] == answers[1], (given, verb)
            if given:
                assert answers[0][0] in (404, 405), (given, verb)
    assert values(case.other) == before


def part_of(row, value: str, absent):
    """What stands in an address: of the row, or of none that exists."""
    if not value.startswith("row."):
        return value
    return getattr(row, value.removeprefix("row.")) if row else absent


def url_prefix(model) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}_"


def test_start_page_and_menu_are_the_same_whatever_others_have(walk):
    for officers in ([one for one in MODELS if one in OF_CAS], set(MODELS) - OF_CAS):
        cases = [walk(model) for model in officers]
        others, browser = cases[0].organization, cases[0].browser
        one_row = browser.get(reverse("admin:index")).content.decode()
        for _ in range(3):
            for model in set(officers) - {Organization}:
                ROWS[model](others)
        again = browser.get(reverse("admin:index")).content.decode()
        assert words(one_row) == words(again)


def test_no_page_shows_any_object_by_its_type_and_key(portal, dana, charlie):
    with pytest.raises(NoReverseMatch):
        reverse("admin:view_on_site", args=["1", "1"])
    for key in (charlie.pk, 987_654_321):
        assert portal(dana).get(f"/admin/r/1/{key}/").status_code == 404


@pytest.mark.parametrize("model", sorted(OF_CAS, key=str), ids=lambda model: model._meta.label)
def test_lists_of_cas_do_not_exist_for_other_officers(portal, dana, harbor, model):
    row = ROWS[model](harbor)
    browser = portal(dana)
    for page, key in (("changelist", None), ("add", None), ("change", row.pk), ("history", row.pk)):
        assert browser.get(url(model, page, key)).status_code == 403, page
    assert url(model) not in browser.get(reverse("admin:index")).content.decode()


SEVERAL = 8  # a query for each row, or each batch of few, would show


@every_model
def test_list_makes_as_many_queries_for_several_rows_as_for_1(walk, model):
    case = walk(model)
    mine = []
    if model in (Organization, ReleaseTemplate):  # one for each organization
        mine = [MembershipFactory(user=case.officer, role="dqo") for _ in range(SEVERAL - 1)]
    case.browser.get(url(model))

    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            page = case.browser.get(url(model))
        count.rows = len(page.context["cl"].result_list)
        return len(captured)

    few = count()
    if mine and model is ReleaseTemplate:
        for one in mine:
            ROWS[model](one.organization)
    elif not mine:
        own = case.own if isinstance(case.own, Organization) else owner(case.own, case)
        for _ in range(SEVERAL - 1):
            ROWS[model](own)
    many = count()
    assert count.rows >= SEVERAL
    assert many == few
    assert many <= 12


def owner(row, case):
    if isinstance(row, EmergencyAccess):  # its organization is the reader's
        return row.client.organization
    return getattr(row, "organization", None) or case.officer.organizations[0]


# An officer's own rights


def test_officer_does_not_raise_own_rights(portal, dana, harbor, bridge):
    browser = portal(dana)
    own = dana.memberships.get()
    everything = {
        "email": dana.email,
        "first_name": "D",
        "last_name": "W",
        "is_superuser": "on",
        "is_staff": "on",
        "is_active": "on",
        "role": "dqo",
        "organization": bridge.pk,
        "user_permissions": ["1"],
    }
    browser.post(url(User, "change", dana.pk), everything)
    browser.post(url(Membership, "change", own.pk), everything)
    browser.post(url(User, "add"), everything)
    browser.post(url(Membership, "add"), everything | {"user": dana.pk})
    browser.post(url(Organization, "change", harbor.pk), {"is_cas": "on"})
    dana = User.objects.get(pk=dana.pk)
    assert not dana.is_superuser
    assert not dana.is_staff
    assert dana.dqo_organizations == [harbor.pk]
    harbor.refresh_from_db()
    assert not harbor.is_cas
    assert not harbor.victim_service_provider


def test_officer_makes_nobody_an_administrator(portal, dana, bob):
    form = {"email": bob.email, "first_name": "Bob", "last_name": "B", "is_superuser": "on"}
    portal(dana).post(url(User, "change", bob.pk), form | {"is_staff": "on"})
    bob.refresh_from_db()
    assert bob.last_name == "B"
    assert not bob.is_superuser
    assert not bob.is_staff


def test_officer_changes_no_e_mail(portal, dana, bob):
    form = {"email": "dana2@harbor.example", "first_name": "Bob", "last_name": "B"}
    portal(dana).post(url(User, "change", bob.pk), form)
    bob.refresh_from_db()
    assert bob.email == "bob@harbor.example"


def test_membership_taken_away_ends_the_officers_view_at_once(portal, dana, harbor):
    browser = portal(dana)
    own = ProjectFactory(organization=harbor)
    assert browser.get(url(Project, "change", own.pk)).status_code == 200
    dana.memberships.all().delete()
    assert browser.get(url(Project, "change", own.pk)).status_code != 200


# What is managed


def project(**given):
    return {
        "project_name": "Night Harbor",
        "project_common_name": "",
        "project_type": "0",
        "operating_start_date": "2026-01-01",
        "operating_end_date": "",
    } | given


# What the page of a project that is there says of its set-up, which has no rows.
NO_SET_UP = {
    f"{name}-{number}": "0"
    for name in ("funders", "cocs", "inventory", "hmis_participation", "ce_participation")
    for number in ("TOTAL_FORMS", "INITIAL_FORMS")
}


def test_officer_adds_and_changes_own_projects(portal, dana, harbor):
    browser = portal(dana)
    assert browser.post(url(Project, "add"), project(organization=harbor.pk)).status_code == 302
    made = Project.objects.get()
    assert made.organization == harbor
    browser.post(url(Project, "change", made.pk), project(project_name="Day Harbor", **NO_SET_UP))
    made.refresh_from_db()
    assert made.project_name == "Day Harbor"
    assert made.events.latest("pgh_id").pgh_context["user"] == dana.pk
    answer = browser.post(url(Project, "delete", made.pk), {"post": "yes"})
    assert answer.status_code == 403


def test_officer_files_no_project_under_another_organization(portal, dana, harbor, bridge):
    browser = portal(dana)
    page = browser.get(url(Project, "add"))
    assert "Bridge House" not in page.content.decode()
    browser.post(url(Project, "add"), project(organization=bridge.pk))
    own = ProjectFactory(organization=harbor)
    data = project(organization=bridge.pk, **NO_SET_UP)
    assert browser.post(url(Project, "change", own.pk), data).status_code == 302
    assert not Project.objects.filter(organization=bridge).exists()


def test_form_says_what_the_database_would_refuse(portal, dana, harbor):
    ProjectFactory(organization=harbor, project_name="Night Harbor")
    data = project(organization=harbor.pk, operating_end_date="2025-01-01")
    html = portal(dana).post(url(Project, "add"), data).content.decode()
    assert "This organization already has a project of that name." in html
    assert "Operating end date cannot be before the start date." in html


def test_officer_says_what_it_is_called_and_who_takes_papers_and_nothing_else(portal, dana, harbor):
    data = {
        "organization_name": "Bridge House",
        "organization_common_name": "Harbor",
        "document_contact": "Sam Lee, 555-0100",
        "victim_service_provider": "on",
        "is_cas": "on",
    }
    portal(dana).post(url(Organization, "change", harbor.pk), data)
    harbor.refresh_from_db()
    assert harbor.organization_common_name == "Harbor"
    assert harbor.document_contact == "Sam Lee, 555-0100"
    assert harbor.organization_name == "Harbor Services"
    assert not harbor.is_cas
    assert not harbor.victim_service_provider
    html = portal(dana).get(url(Organization, "change", harbor.pk)).content.decode()
    assert re.search(r"<dt>Victim service provider</dt>\s*<dd>No</dd>", html)


def test_stricter_sharing_saved_while_the_page_is_saved_stays(portal, dana, harbor, monkeypatch):
    read = OrganizationAdmin.get_object

    def read_before(*args):
        row = read(*args)
        Organization.objects.filter(pk=harbor.pk).update(sharing="required")
        return row

    monkeypatch.setattr(OrganizationAdmin, "get_object", read_before)
    data = {"organization_common_name": "Harbor"}
    portal(dana).post(url(Organization, "change", harbor.pk), data)
    harbor.refresh_from_db()
    assert (harbor.organization_common_name, harbor.updated_by) == ("Harbor", dana)
    assert harbor.sharing == "required"


# An administrator


@pytest.fixture
def boss(harbor):
    return UserFactory(email="admin@coc.example", is_superuser=True, is_staff=True)


@every_model
def test_administrator_sees_every_row_and_its_history(walk, portal, boss, model):
    case = walk(model)
    browser = portal(boss)
    page = browser.get(url(model))
    listed = {row.pk for row in page.context["cl"].result_list}
    assert {case.own.pk, case.other.pk} <= listed
    for row in (case.own, case.other):
        assert browser.get(url(model, "change", row.pk)).status_code == 200
        assert browser.get(url(model, "history", row.pk)).status_code == 200
    assert browser.get(url(model, "add")).status_code in (200, 403)


def test_first_administrator_makes_the_first_organization(portal, db):
    browser = portal(UserFactory(is_superuser=True))
    page = browser.get(reverse("admin:index"))
    assert page.status_code == 200
    assert "Data Quality" in [one["label"] for one in page.context["workspaces"]]
    browser.post(url(Organization, "add"), {"organization_name": "First Agency"})
    assert Organization.objects.get().organization_name == "First Agency"


def test_administrator_adds_an_organization(portal, boss):
    data = {"organization_name": "New Agency", "organization_common_name": "", "is_cas": "on"}
    assert portal(boss).post(url(Organization, "add"), data).status_code == 302
    assert Organization.objects.get(organization_name="New Agency").is_cas


# Junk


JUNK = [
    "q=%00",
    "q=" + "x" * 3000,
    "p=x",
    "p=99999999999999999999",
    "o=x.y",
    "is_active__exact=%00",
    "email=%00",
    "id__exact=99999999999999999999999",
    "client=99999999999999999999999",
    "client=-1",
    "client=%C2%B2",
    "user=%FF",
    "from=99%2F99%2F9999&to=x",
    "from=12%2F31%2F9999&to=12%2F31%2F9999",
    "organization=x",
    "organization=99999999999999999999999",
    "password__startswith=a",
    "e=1",
    "_popup=%FF",
]


@every_model
def test_junk_in_a_lists_address_is_no_error(walk, model):
    """A page for what the list reads; what it does not know is refused before it has one."""
    case = walk(model)
    page = case.browser.get(url(model))
    known = {"q", "p", "from"} | {box["name"] for box in page.context["cl"].boxes}
    for query in JUNK:
        if known & set(QueryDict(query)):
            assert case.browser.get(f"{url(model)}?{query}").status_code < 500, query
        else:
            with suppress(IncorrectLookupParameters, SuspiciousOperation):
                rows_of_list(case, page, query)


def test_junk_in_the_address_of_a_row_is_no_error(portal, dana):
    user = UserFactory()
    for row_id in ("x", "%00", "9" * 40, "_5F"):
        change = url(User, "change", user.pk).replace(str(user.pk), row_id)
        assert portal(dana).get(change).status_code < 500


def test_ending_of_an_intake_of_another_is_refused(portal, dana, bridge):
    row = ROWS[IntakeDraft](bridge)
    answer = portal(dana).post(reverse("admin:enrollments_intakedraft_end", args=[row.pk]))
    assert answer.status_code == 404
    row.refresh_from_db()
    assert row.discarded_at is None
