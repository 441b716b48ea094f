"""The same people everywhere: Alice is the client's case manager, Bob her colleague, Charlie works
at another organization, Dana is the DQO, Cass the CAS administrator."""

from datetime import UTC, date, datetime, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from agencies.models import (
    FactorReset,
    Invitation,
    Membership,
    Organization,
    Project,
    Role,
    User,
)
from clients.encryption import keyed_hash
from clients.models import (
    Alert,
    Client,
    ClientAlias,
    ClientMerge,
    DuplicateReport,
    DuplicateSearch,
    IdentityChange,
    InterestedOther,
    PossibleDuplicate,
    Release,
)
from hud.choices import ProjectType


class OrganizationFactory(DjangoModelFactory):
    class Meta:
        model = Organization

    organization_name = factory.Sequence("Agency {}".format)


class ProjectFactory(DjangoModelFactory):
    class Meta:
        model = Project

    organization = factory.SubFactory(OrganizationFactory)
    project_name = factory.Sequence("Project {}".format)
    project_type = ProjectType.TRANSITIONAL_HOUSING
    operating_start_date = date(2020, 1, 1)


class UserFactory(DjangoModelFactory):
    """A user; `at=[organization, …]` gives case manager memberships, `dqo_at` a DQO's."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence("user{}@example.org".format)
    first_name = "Uma"
    last_name = factory.Sequence("User{}".format)
    password = factory.django.Password("pass-phrase-for-tests")

    @factory.post_generation
    def at(self, create, organizations, **extra):
        for organization in organizations or []:
            MembershipFactory(user=self, organization=organization)

    @factory.post_generation
    def dqo_at(self, create, organizations, **extra):
        for organization in organizations or []:
            MembershipFactory(user=self, organization=organization, role=Role.DQO)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organization = factory.SubFactory(OrganizationFactory)
    role = Role.CASE_MANAGER


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation

    user = factory.SubFactory(UserFactory)
    email = factory.SelfAttribute("user.email")
    organization = factory.SubFactory(OrganizationFactory)
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class FactorResetFactory(DjangoModelFactory):
    class Meta:
        model = FactorReset

    user = factory.SubFactory(UserFactory)
    identified = "in_person"


class RecordFactory(DjangoModelFactory):
    class Meta:
        abstract = True

    organization = factory.SubFactory(OrganizationFactory)
    created_by = factory.SubFactory(UserFactory)
    updated_by = factory.SelfAttribute("created_by")


class ClientFactory(RecordFactory):
    class Meta:
        model = Client

    first_name = "John"
    last_name = "Smith"
    name_data_quality = 1
    dob = date(1980, 5, 17)
    dob_data_quality = 1


class ClientAliasFactory(DjangoModelFactory):
    class Meta:
        model = ClientAlias

    client = factory.SubFactory(ClientFactory)
    first_name = "Johnny"
    last_name = "Smithers"


class ClientRecordFactory(RecordFactory):
    class Meta:
        abstract = True

    client = factory.SubFactory(ClientFactory)
    organization = factory.SelfAttribute("client.organization")
    created_by = factory.SelfAttribute("client.created_by")


class InterestedOtherFactory(ClientRecordFactory):
    class Meta:
        model = InterestedOther

    type_description = "Mother"
    first_name = "Mary"
    last_name = "Smith"


class AlertFactory(ClientRecordFactory):
    class Meta:
        model = Alert

    text = "Call before visiting"


class DuplicateReportFactory(RecordFactory):
    class Meta:
        model = DuplicateReport

    client_1 = factory.SubFactory(ClientFactory)
    client_2 = factory.SubFactory(ClientFactory)
    comment = "The same tattoo"
    visibility = DuplicateReport.Visibility.OWN_ORGANIZATION


class ClientMergeFactory(DjangoModelFactory):
    """The record of a merge; nothing is merged."""

    class Meta:
        model = ClientMerge

    survivor = factory.SubFactory(ClientFactory)
    merged = factory.SubFactory(ClientFactory)
    by = factory.SubFactory(UserFactory)
    snapshot = factory.LazyFunction(dict)


class IdentityChangeFactory(DjangoModelFactory):
    """The note of a change by another organization; a page of it needs a real `event`."""

    class Meta:
        model = IdentityChange

    client = factory.SubFactory(ClientFactory)
    event = factory.Sequence(lambda number: 10**9 + number)
    groups = ["name"]
    changed_for = factory.SubFactory(OrganizationFactory)
    changed_by = factory.SubFactory(UserFactory)


class ReleaseFactory(DjangoModelFactory):
    """A verbal release for every organization, from today until it is revoked."""

    class Meta:
        model = Release

    client = factory.SubFactory(ClientFactory)
    organization = factory.SelfAttribute("client.organization")
    kind = Release.Kind.VERBAL
    witness = factory.SelfAttribute("client.created_by")
    created_by = factory.SelfAttribute("client.created_by")


def version_of(client: Client) -> int:
    """A newer version of the client, as a change leaves it."""
    client.version += 1
    client.save()
    events = Client.pgh_event_model.objects.filter(pgh_obj_id=client.pk)
    return events.latest("pk").pk


class PossibleDuplicateFactory(DjangoModelFactory):
    class Meta:
        model = PossibleDuplicate

    client_1 = factory.SubFactory(ClientFactory)
    client_2 = factory.SubFactory(ClientFactory)
    score = 0.9
    reasons = ["Same date of birth"]


class DuplicateSearchFactory(DjangoModelFactory):
    class Meta:
        model = DuplicateSearch

    started_at = finished_at = datetime(2026, 1, 2, tzinfo=UTC)
    is_whole = True
    clients = pairs = 0


def with_ssn(ssn: str):
    """The clients whom nine digits find in full, or four as the last ones."""
    column = "ssn_last4_hash" if len(ssn) == 4 else "ssn_hash"
    return Client.objects.filter(**{column: keyed_hash(ssn)})
