from datetime import date, timedelta

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agencies.checklist import checklist
from agencies.models import Membership, Organization, Project, User
from cas.mail.plan import first_notices, mailable
from cas.models import Assessment, DeliveryItem, Event, Kind, Notification, State
from casenotes.models import CaseNote, Service, ServiceType
from clients.models import (
    Alert,
    Client,
    ClientAccess,
    ClientAlias,
    DuplicateReport,
    InterestedOther,
    NameSpelling,
    Release,
)
from enrollments.assignments.caseload import caseload
from enrollments.assignments.due import What
from enrollments.models import (
    CaseAssignment,
    CurrentLivingSituation,
    Disability,
    Enrollment,
    HealthAndDV,
    Household,
    IncomeBenefits,
)
from files.models import ClientFile
from hmis.demo import DEMO_LOGINS, DEMO_PASSWORD
from hmis.demo.bulk import add_clients_in_bulk
from hmis.demo.load import load
from hmis.demo.personas import all_personas
from hmis.demo.set_up import EVERYDAY
from hud.choices import ProjectType
from hud.elements import ELEMENTS
from hud.rules import information_date
from hud.rules import ssn as ssn_rules
from outbox.models import Delivery, MailRun
from tasks.models import Task

TODAY = date(2026, 3, 2)
RECORDS = [
    Client, Alert, InterestedOther, DuplicateReport, Enrollment, CaseAssignment,
    CurrentLivingSituation, CaseNote, Service, Event, Assessment, Task,
]  # fmt: skip


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for this module and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        context = load()
        yield context
        transaction.set_rollback(True)


@pytest.fixture
def context(loaded, db):
    return loaded


def user(name):
    return User.objects.get(email__startswith=f"{name}@")


def test_there_are_as_many_clients_as_asked_for(context):
    assert Client.objects.count() == len(context.filed) == 300


def test_another_load_is_refused(context):
    with pytest.raises(CommandError, match="already has clients"):
        load()


@pytest.mark.parametrize(("email", "who"), DEMO_LOGINS)
def test_demo_log_in_is_let_in(context, rf, email, who):
    found = authenticate(rf.post("/"), email=email, password=DEMO_PASSWORD)
    assert found is not None
    assert found.email == email


def test_two_agencies_and_the_coordinated_access_system(context):
    assert Organization.objects.filter(is_cas=False).count() == 2
    assert Organization.objects.filter(is_cas=True).count() == 1
    everyday = Project.objects.filter(project_name__in=EVERYDAY)
    kinds = everyday.values_list("project_type", flat=True)
    assert len(kinds) == len(set(kinds)) == 5


def test_everything_that_hud_wants_to_know_of_the_projects_is_there(context):
    missing = {str(one): checklist(one) for one in Project.objects.all()}
    assert not any(missing.values()), missing


def test_each_question_of_a_program_is_asked_in_a_project_that_is_not_an_everyday_one(context):
    elsewhere = set()
    for project in Project.objects.all():
        funders = project.funders.codes()
        asked = {
            one.number
            for one in ELEMENTS.values()
            if one.funded and one.is_for(project.project_type, funders)
        }
        if project.project_name in EVERYDAY:
            assert not asked, project
        elsewhere |= asked
    assert elsewhere == {one.number for one in ELEMENTS.values() if one.funded}


def test_access_of_the_demo_users(context):
    def access(name):
        return {str(row.organization): row.role for row in user(name).access.values()}

    assert access("casey") == {"Harbor Services": "case_manager"}
    assert access("cory") == {"Bridge House": "case_manager"}
    assert access("dana") == {"Harbor Services": "dqo"}
    assert set(access("morgan")) == {"Harbor Services", "Bridge House"}
    assert access("cas") == {"Bay Area Coordinated Access": "dqo"}
    assert len(access("admin")) == 3
    assert user("admin").is_staff


@pytest.mark.parametrize(
    "model", [Client, ClientAlias, Alert, InterestedOther, DuplicateReport, ClientAccess, User,
              Membership, Project, Organization, Household, Enrollment, CaseAssignment,
              CurrentLivingSituation, IncomeBenefits, Disability, HealthAndDV, CaseNote, Service,
              ServiceType, Event, Notification, Delivery, DeliveryItem, MailRun]
)  # fmt: skip
def test_every_row_passes_the_checks_of_its_model(context, model):
    rows = list(model._base_manager.all())
    assert rows
    for row in rows:
        row.clean_fields()
        row.clean()
    for row in rows[:30]:  # a query each, and the database has checked them all
        row.validate_constraints()


def test_every_ssn_passes_the_rules(context):
    for client in Client.objects.all():
        assert ssn_rules.issues(client.ssn, quality=client.ssn_data_quality) == []


def test_records_were_created_by_users_of_their_agency(context):
    access = set(Membership.objects.values_list("user", "organization"))
    for model in RECORDS:
        assert set(model.objects.values_list("created_by", "organization")) <= access


@pytest.mark.parametrize("model", RECORDS)
def test_history_names_who_created_a_record(context, model):
    events = model.pgh_event_models["insert"].objects.all()
    assert len(events) == model.objects.count()
    for event in events:
        assert event.pgh_context["user"] == event.created_by_id
        assert event.pgh_context["organization"] == event.organization_id


def test_records_were_created_over_two_years(context):
    dates = Client.objects.order_by("pk").values_list("date_created", flat=True)
    assert dates[0] < timezone.now() - timedelta(days=700)
    assert timezone.now() - timedelta(days=30) < dates[len(dates) - 1] < timezone.now()


def test_john_smith_is_found_by_name_and_by_alias(context):
    john = context.personas["john"]
    assert john in Client.objects.named("Jo", "Smi")
    assert john.pk in ClientAlias.objects.named("Jo", "Smi").values_list("client", flat=True)


def test_names_are_in_the_dictionary(context):
    assert NameSpelling.objects.filter(part="hernandez").exists()
    assert NameSpelling.objects.filter(part="smithers").exists()


def test_twins_differ_by_first_name_alone(context):
    grace, faith = context.personas["okafor.grace"], context.personas["okafor.faith"]
    assert (grace.last_name, grace.dob) == (faith.last_name, faith.dob)
    assert grace.first_name != faith.first_name


def test_restricted_clients_are_unseen_elsewhere(context):
    renata = context.personas["vasconcelos"]
    assert renata in Client.objects.visible_to(user("cory"))
    assert renata not in Client.objects.visible_to(user("casey"))
    assert context.personas["thomas"] not in Client.objects.visible_to(user("cory"))
    own = Client.objects.filter(visibility="own", organization=context.agencies.bridge)
    assert own.count() >= 5


def test_no_alert_says_why_a_client_is_restricted(context):
    texts = Alert.objects.filter(client__visibility="own").values_list("text", flat=True)
    assert texts
    assert not any("violen" in text.lower() or "abus" in text.lower() for text in texts)


def test_alerts_hold_now_or_before_or_later(context):
    today = timezone.localdate()
    assert Alert.objects.active_on(today).exists()
    assert Alert.objects.filter(ends_on__lt=today).exists()
    assert Alert.objects.filter(begins_on__gt=today).exists()


def test_releases_are_in_force_revoked_and_refused_and_papers_lead_to_theirs(context):
    states = {one.state for one in Release.objects.all()}
    assert states >= {Release.State.IN_FORCE, Release.State.REVOKED, Release.State.REFUSED}
    papers = ClientFile.objects.filter(release__kind="uploaded")
    assert {one.category for one in papers} == {"consent"}
    uploaded = Release.objects.filter(kind="uploaded").values_list("pk", flat=True)
    assert {one.release_id for one in papers} == set(uploaded)


def test_casey_has_tasks_that_are_late_ahead_and_done(context):
    own = Task.objects.of(user("casey"))
    assert own.open().filter(due_on__lt=context.today).exists()
    assert own.open().filter(due_on__gt=context.today).exists()
    assert own.done().exists()


def test_casey_has_recently_viewed_clients_of_whom_john_is_the_latest(context):
    seen = ClientAccess.objects.filter(user=user("casey")).order_by("-at", "-pk")
    assert seen.count() >= 5
    assert seen[0].client == context.personas["john"]
    visible = Client.objects.visible_to(user("casey"))
    assert {one.client for one in seen} <= set(visible)


def test_reported_duplicates_look_alike(context):
    report = DuplicateReport.objects.get()
    a, b = report.client_1, report.client_2
    assert (a.last_name, a.dob) == (b.last_name, b.dob)
    assert a.first_name != b.first_name


def test_listed_near_duplicates_are_there(context):
    clients = {one.person.number: one.client for one in context.filed}
    second = [one for one in context.filed if one.person.duplicate_of is not None]
    assert len(second) >= 6
    for one in second:
        first = clients[one.person.duplicate_of]
        assert Client.objects.filter(pk__in=[first.pk, one.client.pk]).count() == 2
        names = {first.first_key, first.last_key} & {one.client.first_key, one.client.last_key}
        assert names or first.dob == one.client.dob


def test_personas_are_there_with_their_names(context):
    for persona in all_personas(context.today):
        client = Client.objects.get(pk=context.personas[persona.key].pk)
        assert (client.first_name, client.last_name) == (
            persona.person.first_name,
            persona.person.last_name,
        )
        assert client.is_restricted == persona.restricted


def test_households_are_enrolled_in_every_everyday_project(context):
    everyday = Project.objects.filter(project_name__in=EVERYDAY)
    assert set(Enrollment.objects.values_list("project", flat=True)) == set(
        everyday.values_list("pk", flat=True)
    )
    assert Enrollment.objects.filter(exit_date=None).exists()
    assert Enrollment.objects.exclude(exit_date=None).exists()
    assert Enrollment.objects.heads().count() == Household.objects.count()


def test_contacts_are_of_projects_that_record_them_and_within_the_enrollment(context):
    contacts = CurrentLivingSituation.objects.select_related("enrollment__project")
    for contact in contacts:
        enrollment = contact.enrollment
        assert ProjectType(enrollment.project.project_type).has_contacts
        assert not information_date.issues(
            contact.information_date,
            rule="4.12",
            entry_date=enrollment.entry_date,
            today=timezone.localdate(),
            exit_date=enrollment.exit_date,
        )
    assert contacts.filter(client=context.personas["tiny"]).count() > 3


def test_casey_has_a_caseload_with_something_due(context):
    today = timezone.localdate()
    cases = caseload(user("casey"), today)
    assert 10 <= len(cases) <= 25
    assert {What.ANNUAL, What.EXIT} <= {case.due.what for case in cases if case.tone}


def test_restricted_clients_have_restricted_enrollments(context):
    own = Enrollment.objects.filter(client__visibility="own")
    assert own
    assert set(own.values_list("visibility", flat=True)) == {"own"}


def test_bulk_clients_are_added_to_the_agencies(context):
    before = Client.objects.count()
    assert list(add_clients_in_bulk(count=60, today=TODAY))[-1] == 60
    assert Client.objects.count() == before + 60


def test_second_bulk_load_is_of_other_people(context):
    list(add_clients_in_bulk(count=30, today=TODAY))
    list(add_clients_in_bulk(count=30, today=TODAY))
    hashes = [one.ssn_hash for one in Client.objects.order_by("-pk")[:60] if one.ssn_hash]
    assert len(set(hashes)) > len(hashes) - 5


def test_casey_has_notifications_of_every_state_and_of_several_kinds(context):
    rows = list(Notification.objects.of(user("casey")))
    assert {row.state for row in rows} >= {State.NEW, State.SNOOZED, State.OPENED, State.DISMISSED}
    assert {row.kind for row in rows} >= {
        Kind.REFERRED, Kind.ACCEPTED, Kind.NO_SHOW, Kind.DOCUMENTS_MISSING, Kind.DOCUMENTS_EXPIRING,
    }  # fmt: skip
    assert Notification.objects.of(user("cory")).unanswered().exists()


def test_everybody_was_notified_of_clients_whom_they_may_see(context):
    for recipient in User.objects.filter(notifications__isnull=False).distinct():
        notified = Notification.objects.of(recipient).values_list("client", flat=True)
        assert set(notified) <= set(
            Client.objects.visible_to(recipient).values_list("pk", flat=True)
        )


def test_every_notice_of_an_event_was_mailed_once_and_cron_notifies_nobody_of_the_rest(context):
    notices = Notification.objects.exclude(event=None)
    mailed = DeliveryItem.objects.values_list("notification", flat=True)
    assert sorted(mailed) == sorted(notices.values_list("pk", flat=True))
    assert Delivery.objects.filter(state=Delivery.State.UNCERTAIN).count() == 1
    assert Delivery.objects.filter(state=Delivery.State.FAILED).count() == 1
    assert sum(run.planned for run in MailRun.objects.all()) == Delivery.objects.count()
    assert not first_notices(mailable(timezone.now())).exclude(event=None).exists()


def test_program_services_and_an_assessment_have_what_hud_asks(context):
    asked = Service.objects.filter(note=None)
    assert asked.filter(sub_type_provided__isnull=False).exists()
    assert asked.filter(referral_outcome__isnull=False).exists()
    assert asked.filter(fa_amount__gt=0, fa_end_date__gt=F("fa_start_date")).exists()
    assessment = Assessment.objects.get()
    assert assessment.questions.count() == 4
    assert assessment.results.count() == 2
