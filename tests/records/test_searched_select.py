"""What is too much for a select is searched: without a script, and never beyond what is offered."""

import pytest
from django import forms
from django.http import QueryDict
from django.urls import reverse

from agencies.models import Organization, Project, User
from records.searched_select import MOST, SearchedSelect, searched
from tests.factories import MembershipFactory, OrganizationFactory, ProjectFactory, UserFactory


def options(html: str) -> int:
    return html.count("<option")


@pytest.fixture
def many(db):
    """More organizations than a select may offer."""
    return Organization.objects.bulk_create(
        Organization(organization_name=f"Agency {number}") for number in range(MOST + 10)
    )


class OrganizationForm(forms.Form):
    of = forms.ModelChoiceField(Organization.objects.all(), widget=SearchedSelect, required=False)


class ListForm(forms.Form):
    code = forms.TypedChoiceField(
        choices=[("", "Choose"), *((number, f"Code {number}") for number in range(MOST + 10))],
        coerce=int,
        widget=SearchedSelect,
    )


def sent(form: type[forms.Form], **data: object) -> forms.Form:
    query = QueryDict(mutable=True)
    query.update({name: str(value) for name, value in data.items()})
    return form(query)


def test_few_rows_are_a_plain_select_of_one_query(db, django_assert_num_queries):
    OrganizationFactory()
    with django_assert_num_queries(1):
        html = str(OrganizationForm()["of"])
    assert 'type="search"' not in html
    assert options(html) == 2


def test_too_many_rows_are_not_offered_and_not_read(many, django_assert_num_queries):
    with django_assert_num_queries(1):
        html = str(OrganizationForm()["of"])
    assert 'type="search"' in html
    assert options(html) == 1


def test_chosen_row_stays_in_the_select(many):
    form = OrganizationForm(initial={"of": many[-1]})
    assert f'<option value="{many[-1].pk}" selected>' in str(form["of"])


def test_name_that_one_row_has_chooses_it(many):
    form = sent(OrganizationForm, of_search="agency 205")
    assert form.is_valid()
    assert form.cleaned_data["of"] == many[205]


def test_name_that_several_have_is_chosen_from(many):
    form = sent(OrganizationForm, of_search="agency 20")
    assert not form.is_valid()
    html = str(form["of"])
    assert options(html) == 13  # 20, 120 and 200 to 209, and none
    assert 'value="agency 20"' in html
    form = sent(OrganizationForm, of_search="agency 20", of=many[207].pk)
    assert form.is_valid()
    assert form.cleaned_data["of"] == many[207]


def test_new_name_goes_before_what_was_chosen_earlier(many):
    form = sent(OrganizationForm, of_search="agency 205", of=many[3].pk)
    assert form.is_valid()
    assert form.cleaned_data["of"] == many[205]


def test_name_of_nobody_is_refused_even_where_nothing_need_be_chosen(many):
    for text in ("Nowhere", "agency", "x" * 5000, "\0", "%", "' or 1=1"):
        form = sent(OrganizationForm, of_search=text)
        assert form.is_valid() is (text == "\0")
        assert options(str(form["of"])) <= MOST + 1


def test_name_finds_nothing_that_the_field_does_not_offer(many):
    class Narrow(forms.Form):
        of = forms.ModelChoiceField(
            Organization.objects.exclude(pk=many[205].pk), widget=SearchedSelect
        )

    form = sent(Narrow, of_search="agency 205")
    assert not form.is_valid()
    assert "Agency 205" not in str(form["of"])
    assert not sent(Narrow, of=many[205].pk).is_valid()


@pytest.mark.parametrize("value", ["x", "9" * 30, "-1", "?"])
def test_junk_is_refused_and_drawn(many, value):
    form = sent(OrganizationForm, of=value)
    assert not form.is_valid()
    assert options(str(form["of"])) == 1


def test_list_is_searched_by_its_labels():
    html = str(ListForm()["code"])
    assert options(html) == 1
    form = sent(ListForm, code_search="code 207")
    assert form.is_valid()
    assert form.cleaned_data["code"] == 207
    assert options(str(ListForm(initial={"code": 9})["code"])) == 2


def test_select_of_another_kind_keeps_its_widget():
    field = forms.ChoiceField(choices=[(1, "One")], widget=forms.RadioSelect)
    searched(field)
    assert type(field.widget) is forms.RadioSelect


# Pages


def test_user_look_up_reads_no_organization_that_it_does_not_show(portal, alice, harbor, many):
    """It costs the same with ten organizations and with thousands."""
    colleague = UserFactory(first_name="Zora", last_name="Quill")
    MembershipFactory(user=colleague, organization=many[205])
    browser = portal(alice)
    url = reverse("agencies:user_lookup")
    page = browser.get(url, {"for": "id_case_manager", "name": "quill"})
    assert options(page.content.decode()) <= 2
    asked = {"name": "quill", "organization": harbor.pk, "organization_search": "agency 205"}
    page = browser.get(url, asked)
    assert "Quill" in page.content.decode()


def test_project_of_an_officer_is_searched(portal, dana, harbor, bridge):
    for organization in (harbor, bridge):
        Project.objects.bulk_create(
            Project(
                organization=organization,
                project_name=f"{organization} House {number}",
                project_type=1,
                operating_start_date="2020-01-01",
            )
            for number in range(MOST + 10)
        )
    browser = portal(dana)
    page = browser.get("/admin/quality/living-missing/", {"project_search": "house 205"})
    scope = page.context["form"].scope
    assert scope.project.project_name == f"{harbor} House 205"
    assert page.context["form"].address == f"project={scope.project.pk}"
    page = browser.get("/admin/quality/living-missing/", {"project_search": "bridge"})
    assert page.context["page"] is None
    assert "Bridge" not in page.content.decode()


def test_administrators_project_belongs_to_an_organization_by_its_name(portal, many):
    boss = UserFactory(is_superuser=True, is_staff=True)
    browser = portal(boss)
    url = reverse("admin:agencies_project_add")
    assert all(options(one) <= MOST for one in browser.get(url).content.decode().split("</select>"))
    listed = browser.get(reverse("admin:agencies_project_changelist"), {"organization": "cy 205"})
    assert listed.status_code == 200
    assert list(listed.context["cl"].result_list) == []
    project = ProjectFactory(organization=many[205])
    listed = browser.get(reverse("admin:agencies_project_changelist"), {"organization": "cy 205"})
    assert list(listed.context["cl"].result_list) == [project]
    assert User.objects.count()
