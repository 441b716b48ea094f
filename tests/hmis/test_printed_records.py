"""Summary, intake and enrollment on paper: who may, what is in it, what is logged."""

from datetime import date
from html import unescape

import pypdfium2
import pytest
from django.urls import reverse

from agencies.use_limits import UseLimit
from clients.models import Client, ClientAccess
from enrollments.models import Enrollment
from hud.choices import DisabilityType, RelationshipToHoH
from records.models import Visibility
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    CurrentLivingSituationFactory,
    DisabilityFactory,
    EnrollmentFactory,
    HealthAndDVFactory,
    IncomeBenefitsFactory,
)
from tests.factories import ClientFactory, ProjectFactory

pytestmark = pytest.mark.django_db
RECORDS = ("summary", "intake", "enrollment")
WAYS = [f"{way}_{record}" for record in RECORDS for way in ("print", "pdf")]
SSN = "123121234"


@pytest.fixture
def john(alice, harbor):
    return ClientFactory(
        organization=harbor,
        created_by=alice,
        first_name="John",
        last_name="Smith",
        dob=date(1980, 6, 1),
        ssn=SSN,
        ssn_data_quality=1,
        phone="555-0100",
    )


@pytest.fixture
def enrollment(john, alice, harbor):
    project = ProjectFactory(organization=harbor, project_name="Harbor Family Shelter")
    row = EnrollmentFactory(
        client=john,
        project=project,
        created_by=alice,
        living_situation=116,
        enrollment_coc="MA-500",
    )
    child = ClientFactory(
        organization=harbor, created_by=alice, first_name="Cal", dob=date(2019, 5, 6)
    )
    EnrollmentFactory(
        client=child,
        household=row.household,
        project=project,
        relationship_to_hoh=RelationshipToHoH.CHILD,
        created_by=alice,
    )
    CaseAssignmentFactory(enrollment=row, case_manager=alice)
    IncomeBenefitsFactory(
        enrollment=row,
        income_from_any_source=1,
        earned=1,
        earned_amount=850,
        total_monthly_income=850,
    )
    DisabilityFactory(
        enrollment=row, disability_type=DisabilityType.HIV_AIDS, disability_response=1
    )
    HealthAndDVFactory(enrollment=row, domestic_violence_survivor=1)
    IncomeBenefitsFactory(
        enrollment=row,
        data_collection_stage=2,
        information_date=date(2026, 2, 2),
        insurance_from_any_source=0,
    )
    return row


def address(name: str, enrollment) -> str:
    place = [enrollment.client_id] if name.endswith("summary") else enrollment.place
    return reverse(name, args=place)


@pytest.fixture
def text_of(portal, enrollment):
    """A function from a user and an address's name to what the page or the PDF says."""

    def text(user, name) -> str:
        answer = portal(user).get(address(name, enrollment))
        assert answer.status_code == 200, answer.status_code
        if name.startswith("print"):
            return unescape(" ".join(answer.content.decode().split()))
        assert answer.content.startswith(b"%PDF")
        pages = pypdfium2.PdfDocument(answer.content)
        return " ".join(" ".join(one.get_textpage().get_text_range() for one in pages).split())

    return text


@pytest.mark.parametrize("way", ["print", "pdf"])
def test_summary_has_who_the_client_is_and_where(text_of, alice, way):
    text = text_of(alice, f"{way}_summary")
    for said in ("John Smith", "06/01/1980", "555-0100", "Harbor Family Shelter", "01/05/2026"):
        assert said in text
    assert str(alice) in text


@pytest.mark.parametrize("name", WAYS)
def test_ssn_is_masked_on_paper(text_of, alice, name):
    text = text_of(alice, name)
    assert SSN not in text.replace("-", "")


@pytest.mark.parametrize("way", ["print", "pdf"])
def test_intake_has_each_member_with_the_answers_at_the_start(text_of, alice, way):
    text = text_of(alice, f"{way}_intake")
    for said in ("John Smith", "Cal", "Self (head of household)", "MA-500", "$850.00 a month"):
        assert said in text, said
    assert "HIV/AIDS" in text
    assert "02/02/2026" not in text  # an update is no part of the intake


@pytest.mark.parametrize("way", ["print", "pdf"])
def test_enrollment_has_the_later_assessments_too(text_of, alice, way):
    text = text_of(alice, f"{way}_enrollment")
    for said in ("Harbor Family Shelter", "MA-500", "02/02/2026", "HIV/AIDS", "Still enrolled"):
        assert said in text, said


@pytest.mark.parametrize(
    "name", ["print_intake", "pdf_intake", "print_enrollment", "pdf_enrollment"]
)
def test_sensitive_answers_stay_with_who_may_read_them(text_of, charlie, name):
    text = text_of(charlie, name)
    assert "HIV/AIDS" not in text
    assert "Survivor" not in text
    assert "Kept by Harbor Services" in text
    assert "MA-500" in text


@pytest.mark.parametrize("name", WAYS)
def test_restricted_client_is_printed_by_nobody_else(portal, alice, charlie, enrollment, name):
    Client.objects.filter(pk=enrollment.client_id).update(visibility=Visibility.OWN_ORGANIZATION)
    assert portal(charlie).get(address(name, enrollment)).status_code == 404
    refused = ClientAccess.objects.get(user=charlie)
    assert (refused.kind, refused.page, refused.client_id) == (
        "refused",
        name,
        enrollment.client_id,
    )
    assert portal(alice).get(address(name, enrollment)).status_code == 200


@pytest.mark.parametrize("name", [name for name in WAYS if "summary" not in name])
def test_enrollment_of_somebody_else_is_not_printed_under_another_client(
    portal, alice, harbor, enrollment, name
):
    other = ClientFactory(organization=harbor, created_by=alice)
    url = reverse(name, args=[other.pk, enrollment.pk])
    assert portal(alice).get(url).status_code == 404


@pytest.mark.parametrize("name", ["print_intake", "pdf_intake"])
def test_member_whom_the_user_may_not_see_is_left_out(text_of, charlie, enrollment, name):
    child = Enrollment.objects.get(relationship_to_hoh=RelationshipToHoH.CHILD).client
    Client.objects.filter(pk=child.pk).update(visibility=Visibility.OWN_ORGANIZATION)
    assert child.display_name not in text_of(charlie, name)


@pytest.mark.parametrize("name", WAYS)
def test_every_print_is_logged_as_an_export_each_time(portal, alice, enrollment, name):
    browser = portal(alice)
    browser.get(address(name, enrollment))
    browser.get(address(name, enrollment))
    rows = ClientAccess.objects.filter(page=name, kind="export", client=enrollment.client)
    assert rows.count() == 2
    household = {row.client_id for row in Enrollment.objects.all()}
    own = ClientAccess.objects.filter(page=name, kind="export").values_list("client", flat=True)
    listed = [
        pk for row in ClientAccess.objects.filter(page=name, kind="list") for pk in row.listed
    ]
    assert {*own, *listed} == household
    assert (set(own) == household) is name.endswith("intake")


@pytest.mark.parametrize("name", WAYS)
def test_emergency_access_reads_and_prints_nothing(portal, charlie, enrollment, settings, name):
    settings.BREAK_GLASS = True
    client = enrollment.client
    Client.objects.filter(pk=client.pk).update(visibility=Visibility.OWN_ORGANIZATION)
    browser = portal(charlie)
    why = {"reason": "danger", "explanation": "Her brother is at the door", "confirmed": "on"}
    browser.post("/clients/emergency/", why | {"client_id": str(client.pk)})
    for shown in (client, enrollment):
        page = browser.get(shown.get_absolute_url())
        assert page.status_code == 200
        assert address(name, enrollment) not in page.content.decode()
    assert browser.get(address(name, enrollment)).status_code == 403


def test_pdf_counts_as_a_file_opened(portal, alice, enrollment, settings):
    settings.USE_LIMITS = {"downloads": UseLimit.parse("hour 2 2")}
    browser = portal(alice)
    names = ("pdf_summary", "pdf_intake", "pdf_enrollment")
    answers = [browser.get(address(name, enrollment)).status_code for name in names]
    assert answers == [200, 200, 429]


def test_intake_counts_each_member_as_a_client_opened(portal, alice, enrollment, settings):
    settings.USE_LIMITS = {"clients": UseLimit.parse("hour 1 1")}
    browser = portal(alice)
    assert browser.get(address("print_enrollment", enrollment)).status_code == 200
    assert browser.get(address("print_intake", enrollment)).status_code == 429


@pytest.mark.parametrize("name", WAYS)
def test_name_of_nobody_stands_in_the_address_or_the_file_name(portal, alice, enrollment, name):
    answer = portal(alice).get(address(name, enrollment))
    said = answer.get("Content-Disposition", "") + address(name, enrollment)
    assert "smith" not in said.lower()
    assert "john" not in said.lower()
    if name.startswith("print"):
        title = answer.content.decode().partition("<title>")[2].partition("</title>")[0]
        assert "Smith" not in title


@pytest.mark.parametrize("record", RECORDS)
def test_pages_lead_to_each_other(portal, alice, enrollment, record):
    page = portal(alice).get(address(f"print_{record}", enrollment)).content.decode()
    assert address(f"pdf_{record}", enrollment) in page
    shown = enrollment.client if record == "summary" else enrollment
    origin = portal(alice).get(shown.get_absolute_url()).content.decode()
    assert address(f"print_{record}", enrollment) in origin


def test_names_in_any_script_are_drawn(text_of, portal, alice, enrollment):
    Client.objects.filter(pk=enrollment.client_id).update(first_name="محمد", last_name="Čapek")
    assert "Čapek" in text_of(alice, "pdf_summary")


def test_long_answers_take_as_many_pages_as_they_need(portal, alice, enrollment):
    enrollment.project.project_type = 4  # street outreach, whose contacts are recorded
    enrollment.project.save()
    CurrentLivingSituationFactory.create_batch(120, enrollment=enrollment)
    answer = portal(alice).get(address("pdf_enrollment", enrollment))
    assert len(pypdfium2.PdfDocument(answer.content)) > 2


@pytest.mark.parametrize("record", RECORDS)
def test_a_long_history_costs_no_more_statements(
    portal, alice, enrollment, record, django_assert_max_num_queries
):
    browser = portal(alice)
    browser.get(address(f"print_{record}", enrollment))
    IncomeBenefitsFactory.create_batch(
        5, enrollment=enrollment, data_collection_stage=2, information_date=date(2026, 2, 9)
    )
    most = {"summary": 20, "enrollment": 30, "intake": 40}[record]
    with django_assert_max_num_queries(most):
        assert browser.get(address(f"print_{record}", enrollment)).status_code == 200
