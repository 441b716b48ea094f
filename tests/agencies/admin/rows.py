"""One row of each model that is registered in admin, of an organization.

A model without an entry here fails the walk of tests/agencies/test_data_quality_workspace.py.
"""

from datetime import timedelta

from django.utils import timezone

from agencies.models import (
    Invitation,
    Membership,
    Organization,
    Project,
    SecurityAlert,
    SecurityEvent,
    UseCount,
    User,
)
from cas.models import Assessment, Event
from casenotes.models import CaseNote, Service, ServiceType
from clients.models import (
    Alert,
    ClientAccess,
    ClientMerge,
    DuplicateReport,
    EmergencyAccess,
    IdentityChange,
    InterestedOther,
    PossibleDuplicate,
    Release,
    SSNReveal,
)
from consent.models import ReleaseTemplate, TemplateVersion
from enrollments.models import CurrentLivingSituation, Enrollment, IntakeDraft
from files.models import ClientFile, ClientPhoto, DocumentCheck
from privacy.models import ClientRequest
from tasks.models import Task
from tests.cas.factories import AssessmentFactory, EventFactory
from tests.casenotes.factories import CaseNoteFactory, ServiceFactory, ServiceTypeFactory
from tests.consent.factories import (
    ReleaseFactory,
    ReleaseTemplateFactory,
    TemplateVersionFactory,
)
from tests.enrollments.factories import CurrentLivingSituationFactory, EnrollmentFactory
from tests.factories import (
    AlertFactory,
    ClientFactory,
    ClientMergeFactory,
    DuplicateReportFactory,
    IdentityChangeFactory,
    InterestedOtherFactory,
    InvitationFactory,
    OrganizationFactory,
    PossibleDuplicateFactory,
    ProjectFactory,
    UserFactory,
    version_of,
)
from tests.files.factories import file_of, photo_of
from tests.privacy.factories import ClientRequestFactory
from tests.tasks.factories import TaskFactory


def user(organization) -> User:
    return UserFactory(at=[organization])


def client(organization, **values):
    return ClientFactory(organization=organization, created_by=user(organization), **values)


def deleted(row):
    row.mark_deleted(by=row.created_by)
    return row


def report(organization) -> DuplicateReport:
    one, two = client(organization), client(organization)
    return DuplicateReportFactory(
        organization=organization, client_1=one, client_2=two, created_by=one.created_by
    )


def merge(organization) -> ClientMerge:
    return ClientMergeFactory(survivor=client(organization), merged=client(organization))


def pair(organization) -> PossibleDuplicate:
    return PossibleDuplicateFactory(client_1=client(organization), client_2=client(organization))


def change(organization) -> IdentityChange:
    person = client(organization)
    return IdentityChangeFactory(client=person, event=version_of(person))


def view(organization) -> ClientAccess:
    person = client(organization)
    return ClientAccess.objects.create(
        client=person, user=person.created_by, organization=organization, page="clients:dashboard"
    )


def reveal(organization) -> SSNReveal:
    person = client(organization)
    return SSNReveal.objects.create(
        client=person, user=person.created_by, organization=organization, reason="identity"
    )


def emergency(organization) -> EmergencyAccess:
    person = client(organization)
    return EmergencyAccess.objects.create(
        client=person,
        user=UserFactory(),
        organization=OrganizationFactory(),
        reason="danger",
        explanation="A fire",
        ends_at=timezone.now() + timedelta(hours=4),
    )


def use_count(organization) -> UseCount:
    now = timezone.now()
    return UseCount.objects.create(
        user=user(organization), kind="searches", hour=now, minute=now, asked_at=now
    )


def version_of_a_text(organization) -> TemplateVersion:
    """A draft, of which a text has one; after it versions that were retired."""
    template = ReleaseTemplateFactory(organization=organization)
    if template.draft is None:
        return TemplateVersionFactory(template=template)
    now, by = timezone.now(), template.created_by
    return TemplateVersionFactory(
        template=template,
        number=template.versions.count(),
        published_at=now,
        published_by=by,
        retired_at=now,
        retired_by=by,
    )


def draft(organization) -> IntakeDraft:
    person = client(organization)
    return IntakeDraft.objects.create(
        client=person,
        created_by=person.created_by,
        organization=organization,
        step="program",
        updated_at=timezone.now() - timedelta(days=3),
    )


def enrollment(organization):
    return EnrollmentFactory(client=client(organization))


def service(organization) -> Service:
    return deleted(ServiceFactory(enrollment=enrollment(organization)))


def check(organization) -> DocumentCheck:
    person = client(organization)
    row = DocumentCheck(
        client=person,
        organization=organization,
        checklist="homeless",
        item="Where the client slept",
        acceptable_document="Letter of a shelter",
    )
    row.stamp(by=person.created_by)
    row.save()
    return deleted(row)


def alert(organization) -> SecurityAlert:
    return SecurityAlert.objects.create(
        kind="new_browser", user=user(organization), day=timezone.localdate()
    )


def event(organization) -> SecurityEvent:
    return SecurityEvent.objects.create(kind="log_in", user=user(organization))


ROWS = {
    SecurityAlert: alert,
    SecurityEvent: event,
    Organization: lambda organization: organization,
    Project: lambda organization: ProjectFactory(organization=organization),
    Membership: lambda organization: user(organization).memberships.get(),
    Invitation: lambda organization: InvitationFactory(organization=organization),
    User: user,
    DuplicateReport: report,
    ClientMerge: merge,
    PossibleDuplicate: pair,
    IdentityChange: change,
    Release: lambda organization: ReleaseFactory(client=client(organization), undecided=True),
    ClientAccess: view,
    EmergencyAccess: emergency,
    SSNReveal: reveal,
    UseCount: use_count,
    Alert: lambda organization: deleted(AlertFactory(client=client(organization))),
    InterestedOther: lambda organization: deleted(
        InterestedOtherFactory(client=client(organization))
    ),
    IntakeDraft: draft,
    Enrollment: lambda organization: deleted(enrollment(organization)),
    CurrentLivingSituation: lambda organization: deleted(
        CurrentLivingSituationFactory(enrollment=enrollment(organization))
    ),
    Assessment: lambda organization: deleted(
        AssessmentFactory(enrollment=enrollment(organization))
    ),
    Event: lambda organization: deleted(EventFactory(enrollment=enrollment(organization))),
    ReleaseTemplate: lambda organization: ReleaseTemplateFactory(organization=organization),
    TemplateVersion: version_of_a_text,
    ServiceType: lambda organization: ServiceTypeFactory(organization=organization),
    CaseNote: lambda organization: deleted(CaseNoteFactory(client=client(organization))),
    Service: service,
    Task: lambda organization: deleted(TaskFactory(client=client(organization))),
    ClientFile: lambda organization: deleted(file_of(client(organization))),
    ClientPhoto: lambda organization: deleted(photo_of(client(organization))),
    DocumentCheck: check,
    ClientRequest: lambda organization: ClientRequestFactory(client=client(organization)),
}
# Lists of officers of a CAS organization alone; for all others they do not exist.
OF_CAS = {DocumentCheck}
