"""A row of every kind that there is about a client, and what the database has of them."""

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, models
from django.utils import timezone

from cas.models import Assessment
from casenotes.models import NoteDraft, NoteSearch
from clients.models import (
    Client,
    ClientAccess,
    ClientMerge,
    DuplicateKey,
    EmergencyAccess,
    FormDraft,
    NameForm,
    SSNReveal,
)
from enrollments.models import IntakeDraft
from files.models import DocumentCheck
from privacy.models import Erasure
from tests.cas.factories import (
    AssessmentFactory,
    AssessmentQuestionFactory,
    AssessmentResultFactory,
    EventFactory,
    NotificationFactory,
)
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory
from tests.enrollments.factories import (
    CaseAssignmentFactory,
    CurrentLivingSituationFactory,
    DisabilityFactory,
    EmploymentEducationFactory,
    EnrollmentFactory,
    HealthAndDVFactory,
    IncomeBenefitsFactory,
    YouthEducationStatusFactory,
)
from tests.factories import (
    AlertFactory,
    ClientAliasFactory,
    ClientFactory,
    DuplicateReportFactory,
    IdentityChangeFactory,
    InterestedOtherFactory,
    PossibleDuplicateFactory,
    ReleaseFactory,
)
from tests.files.factories import file_of, photo_of
from tests.privacy.factories import ClientRequestFactory, LegalHoldFactory
from tests.tasks.factories import TaskFactory


def of_enrollment(factory: Any) -> Callable[[Client], models.Model]:
    """A row that hangs on an enrollment of the client."""

    def make(client: Client) -> models.Model:
        enrollment = client.enrollments.first() or EnrollmentFactory(client=client)
        return factory(enrollment=enrollment, client=client)

    return make


def of_assessment(factory: Any) -> Callable[[Client], models.Model]:
    """A part of a Coordinated Entry Assessment of the client."""

    def make(client: Client) -> models.Model:
        own = Assessment.with_deleted.filter(client=client, organization=client.organization)
        assessment = own.first() or of_enrollment(AssessmentFactory)(client)
        return factory(assessment=assessment, client=client)

    return make


def view(client: Client) -> ClientAccess:
    return ClientAccess.objects.create(
        client=client, user=client.created_by, organization=client.organization, page="x"
    )


def reveal(client: Client) -> SSNReveal:
    return SSNReveal.objects.create(
        client=client,
        user=client.created_by,
        organization=client.organization,
        reason="identity",
    )


def emergency(client: Client) -> EmergencyAccess:
    return EmergencyAccess.objects.create(
        client=client,
        user=client.created_by,
        organization=client.organization,
        reason="danger",
        explanation="A fire",
        ends_at=timezone.now() + timedelta(hours=4),
    )


def other_of(client: Client) -> Client:
    return ClientFactory(organization=client.organization, created_by=client.created_by)


def earlier_merge(client: Client, name: str) -> ClientMerge:
    names = {"survivor": other_of(client), "merged": other_of(client)} | {name: client}
    return ClientMerge.objects.create(
        **names,
        by=client.created_by,
        undone_by=client.created_by,
        undone_at=timezone.now(),
        snapshot={},
    )


def pair(client: Client, *, is_second: bool) -> dict[str, Any]:
    names = ["client_2", "client_1"] if is_second else ["client_1", "client_2"]
    return dict(zip(names, (client, other_of(client)), strict=True))


def possible(client: Client, *, is_second: bool) -> models.Model:
    other = other_of(client)
    if is_second:  # the lower ID stands first
        other = ClientFactory(pk=client.pk - 1000, organization=client.organization)
    first, second = (other, client) if is_second else (client, other)
    return PossibleDuplicateFactory(client_1=first, client_2=second)


def intake_draft(client: Client) -> IntakeDraft:
    return IntakeDraft.objects.create(
        organization=client.organization,
        created_by=client.created_by,
        client=client,
        step="family",
        answers_json=json.dumps(
            {"people": [], "typed": {"program": {f"c{client.pk}-enroll": ["on"]}}}
        ),
    )


def note_draft(client: Client) -> NoteDraft:
    return NoteDraft.objects.create(
        user=client.created_by,
        client=client,
        form_token=uuid.uuid4(),
        typed_json=json.dumps({"text": ["Half a sentence"]}),
        typed_at=1,
    )


def form_draft(client: Client) -> FormDraft:
    return FormDraft.objects.create(
        user=client.created_by,
        client=client,
        page="/clients/{client}/edit/",
        form_token=uuid.uuid4(),
        typed_json=json.dumps({"city": ["Lowell"]}),
        typed_at=1,
    )


def document_check(client: Client) -> DocumentCheck:
    row = DocumentCheck(
        client=client,
        organization=client.organization,
        checklist="homeless",
        item="Homelessness",
        acceptable_document="Letter",
    )
    row.stamp(by=client.created_by)
    row.save()
    return row


# By model and foreign key: how to make a row about a client. A new relation fails the walk until
# it is here.
MAKERS: dict[tuple[str, str], Callable[[Client], models.Model]] = {
    ("clients.client", "merged_into"): lambda client: ClientFactory(merged_into=client),
    ("clients.clientaccess", "client"): view,
    ("clients.ssnreveal", "client"): reveal,
    ("clients.emergencyaccess", "client"): emergency,
    ("clients.alert", "client"): lambda client: AlertFactory(client=client),
    ("clients.nameform", "client"): lambda client: NameForm.objects.create(
        client=client, first_key="middle", last_key="smith"
    ),
    ("clients.duplicatekey", "client"): lambda client: DuplicateKey.objects.create(
        client=client, name=client.pk, dob=client.dob
    ),
    ("clients.clientalias", "client"): lambda client: ClientAliasFactory(
        client=client, first_name=f"Jo {client.pk}"
    ),
    ("clients.identitychange", "client"): lambda client: IdentityChangeFactory(client=client),
    ("clients.release", "client"): lambda client: ReleaseFactory(
        client=client, kind="uploaded", signed_by="guardian", guardian_name="Gloria Guardian"
    ),
    ("clients.interestedother", "client"): lambda client: InterestedOtherFactory(client=client),
    ("clients.clientmerge", "survivor"): lambda client: earlier_merge(client, "survivor"),
    ("clients.clientmerge", "merged"): lambda client: earlier_merge(client, "merged"),
    ("clients.duplicatereport", "client_1"): lambda client: DuplicateReportFactory(
        **pair(client, is_second=False)
    ),
    ("clients.duplicatereport", "client_2"): lambda client: DuplicateReportFactory(
        **pair(client, is_second=True)
    ),
    ("clients.possibleduplicate", "client_1"): lambda client: possible(client, is_second=False),
    ("clients.possibleduplicate", "client_2"): lambda client: possible(client, is_second=True),
    ("enrollments.enrollment", "client"): lambda client: EnrollmentFactory(client=client),
    ("enrollments.healthanddv", "client"): of_enrollment(HealthAndDVFactory),
    ("enrollments.disability", "client"): of_enrollment(DisabilityFactory),
    ("enrollments.incomebenefits", "client"): of_enrollment(IncomeBenefitsFactory),
    ("enrollments.employmenteducation", "client"): of_enrollment(EmploymentEducationFactory),
    ("enrollments.youtheducationstatus", "client"): of_enrollment(YouthEducationStatusFactory),
    ("enrollments.currentlivingsituation", "client"): of_enrollment(CurrentLivingSituationFactory),
    ("enrollments.caseassignment", "client"): of_enrollment(CaseAssignmentFactory),
    ("enrollments.intakedraft", "client"): intake_draft,
    ("casenotes.casenote", "client"): lambda client: CaseNoteFactory(client=client),
    ("casenotes.notedraft", "client"): note_draft,
    ("clients.formdraft", "client"): form_draft,
    ("casenotes.notesearch", "client"): lambda client: NoteSearch.objects.create(
        user=client.created_by, client=client, criteria_json=json.dumps({"words": "shelter"})
    ),
    ("casenotes.service", "client"): of_enrollment(ServiceFactory),
    ("tasks.task", "client"): lambda client: TaskFactory(client=client),
    ("cas.event", "client"): of_enrollment(EventFactory),
    ("cas.assessment", "client"): of_enrollment(AssessmentFactory),
    ("cas.assessmentquestion", "client"): of_assessment(AssessmentQuestionFactory),
    ("cas.assessmentresult", "client"): of_assessment(AssessmentResultFactory),
    ("cas.notification", "client"): lambda client: NotificationFactory(client=client),
    ("privacy.clientrequest", "client"): lambda client: ClientRequestFactory(client=client),
    ("privacy.legalhold", "client"): lambda client: LegalHoldFactory(client=client),
    ("privacy.erasure", "client"): lambda client: Erasure.objects.create(
        client=client, cause="retention", by=client.created_by
    ),
    ("files.clientfile", "client"): file_of,
    ("files.clientphoto", "client"): photo_of,
    ("files.documentcheck", "client"): document_check,
}


def dump(model: type[models.Model]) -> bytes:
    """The table as COPY gives it."""
    table = connection.ops.quote_name(model._meta.db_table)
    key = ", ".join(field.column for field in model._meta.pk_fields)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY (SELECT * FROM {table} ORDER BY {key}) TO STDOUT") as copy,
    ):
        return b"".join(copy)
