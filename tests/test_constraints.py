"""The database refuses bad rows by named constraints that have words for people.

Each constraint stands here with a row that it accepts and one that it refuses; a new one fails
until it does. Where a form can reach it, the form says the same sentence.
"""

from datetime import date, timedelta

import pgtrigger
import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from agencies.models import (
    FactorReset,
    Invitation,
    Membership,
    Organization,
    Project,
    SecurityAlert,
    SecurityEvent,
    SharingPolicy,
    UseCount,
    User,
)
from clients.forms.client import ClientForm
from clients.forms.records import AlertForm
from clients.models import (
    Alert,
    Client,
    ClientAccess,
    ClientAlias,
    ClientMerge,
    DuplicateReport,
    DuplicateSearch,
    EmergencyAccess,
    IdentityChange,
    InterestedOther,
    NameSpelling,
    PossibleDuplicate,
    Release,
    SSNReveal,
)
from clients.models.client import IDENTITY
from tests.agencies import set_up_constraints
from tests.factories import (
    AlertFactory,
    ClientAliasFactory,
    ClientFactory,
    ClientMergeFactory,
    DuplicateReportFactory,
    DuplicateSearchFactory,
    FactorResetFactory,
    IdentityChangeFactory,
    InterestedOtherFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    PossibleDuplicateFactory,
    ProjectFactory,
    ReleaseFactory,
    UserFactory,
)
from tests.pages import errors, form_of

APPS = ("agencies", "clients")
NOW = timezone.now()
# The dictionary of names is written by no form.
WITHOUT_WORDS = {"spelling_once"}

DELETED = {"date_deleted": NOW, "deleted_by": "somebody"}
ERASED = dict.fromkeys(IDENTITY, "") | {"erased_at": NOW, "name_data_quality": 99}

# constraint: (model, what it accepts, what it refuses); each is a change to a row that is fine
ROWS = {
    "factor_reset_identified": (
        FactorReset,
        [{"identified": "video"}, {"identified": "called_back"}],
        [{"identified": ""}, {"identified": "trust"}],
    ),
    "invitation_role_is_known": (Invitation, [{"role": "dqo"}], [{"role": ""}, {"role": "boss"}]),
    "invitation_answered_when": (
        Invitation,
        [
            {"state": "pending", "answered_at": None},
            {"state": "accepted", "answered_at": NOW},
            {"state": "declined", "answered_at": NOW},
            {"state": "withdrawn", "answered_at": NOW},
        ],
        [
            {"state": "pending", "answered_at": NOW},
            {"state": "accepted", "answered_at": None},
            {"state": "lost", "answered_at": NOW},
        ],
    ),
    "membership_role_is_known": (Membership, [{"role": "dqo"}], [{"role": ""}, {"role": "boss"}]),
    "organization_has_a_name": (
        Organization,
        [{"organization_name": "x"}],
        [{"organization_name": ""}],
    ),
    "project_ends_after_start": (
        Project,
        [
            {"operating_end_date": None},
            {"operating_end_date": date(2020, 1, 1)},
        ],
        [{"operating_end_date": date(2019, 12, 31)}],
    ),
    "security_event_kind_is_known": (
        SecurityEvent,
        [{"kind": "log_in"}, {"kind": "break_glass"}],
        [{"kind": ""}, {"kind": "peek"}],
    ),
    "security_alert_kind_is_known": (
        SecurityAlert,
        [{"kind": "new_browser"}],
        [{"kind": ""}, {"kind": "peek"}],
    ),
    "security_alert_seen_by_somebody": (
        SecurityAlert,
        [{"seen_at": None}, {"seen_at": NOW, "seen_by": "somebody"}],
        [{"seen_at": NOW}, {"seen_by": "somebody"}],
    ),
    "user_email_is_lower_case": (
        User,
        [{"email": "small@example.org"}],
        [{"email": "Large@example.org"}],
    ),
    "access_kind_is_known": (
        ClientAccess,
        [{"kind": "ssn"}, {"kind": "list"}, {"kind": "copy"}],
        [{"kind": ""}, {"kind": "peek"}],
    ),
    "access_to_one_or_to_a_list": (
        ClientAccess,
        [{"listed": None}, {"client": None, "listed": [1]}],
        [{"listed": [1]}, {"client": None}, {"client": None, "listed": []}],
    ),
    "reveal_reason_is_known": (
        SSNReveal,
        [{"reason": "benefits"}, {"reason": "other", "other": "A lease"}],
        [{"reason": "curious"}],
    ),
    "reveal_words_are_of_other": (
        SSNReveal,
        [{"reason": "other", "other": "A lease"}, {"reason": "identity"}],
        [{"reason": "identity", "other": "A lease"}],
    ),
    "emergency_reason_is_known": (
        EmergencyAccess,
        [{"reason": "medical"}, {"reason": "other"}],
        [{"reason": ""}, {"reason": "curious"}],
    ),
    "emergency_is_explained": (
        EmergencyAccess,
        [{"explanation": "x"}],
        [{"explanation": ""}],
    ),
    "emergency_ends_after_begin": (
        EmergencyAccess,
        [{"begins_at": NOW, "ends_at": NOW + timedelta(seconds=1)}],
        [{"begins_at": NOW, "ends_at": NOW}],
    ),
    "emergency_ended_by_somebody": (
        EmergencyAccess,
        [{"ended_at": NOW, "ended_by": "somebody"}, {"ended_at": None}],
        [{"ended_at": NOW}, {"ended_by": "somebody"}],
    ),
    "use_kind_is_known": (UseCount, [{"kind": "reveals"}], [{"kind": ""}, {"kind": "meals"}]),
    "identity_change_decision_known": (
        IdentityChange,
        [{"decision": "open"}],
        [{"decision": "", "decided_by": "somebody", "decided_at": NOW}],
    ),
    "identity_change_decided_by_somebody": (
        IdentityChange,
        [{"decision": "kept", "decided_by": "somebody", "decided_at": NOW}],
        [{"decision": "kept"}, {"decided_at": NOW}],
    ),
    "sharing_policy_once": (SharingPolicy, [{"id": 1}], [{"id": 2}]),
    "sharing_policy_is_known": (
        SharingPolicy,
        [{"policy": "open"}, {"policy": "parts"}, {"policy": "required"}],
        [{"policy": ""}, {"policy": "closed"}],
    ),
    "organization_sharing_is_known": (
        Organization,
        [{"sharing": ""}, {"sharing": "parts"}],
        [{"sharing": "closed"}],
    ),
    "release_kind_is_known": (Release, [{"kind": "verbal"}], [{"kind": ""}, {"kind": "x"}]),
    "release_ends_after_start": (
        Release,
        [{"begins_on": date(2999, 1, 1), "ends_on": date(2999, 1, 1)}, {"ends_on": None}],
        [{"begins_on": date(2999, 1, 2), "ends_on": date(2999, 1, 1)}],
    ),
    "release_lasts_ten_years": (
        Release,
        [{"begins_on": date(2999, 1, 1), "ends_on": date(3008, 12, 31)}, {"ends_on": None}],
        [{"begins_on": date(2999, 1, 1), "ends_on": date(3009, 1, 3)}],
    ),
    "release_begins_with_its_answer": (
        Release,
        [{"answered_on": date(2026, 1, 1), "begins_on": date(2026, 1, 1)}],
        [{"answered_on": date(2026, 1, 2), "begins_on": date(2026, 1, 1)}],
    ),
    "release_refused_has_no_term": (
        Release,
        [{"kind": "refused"}],
        [
            {
                "kind": "refused",
                **dict.fromkeys(("answered_on", "begins_on", "ends_on"), date(2999, 1, 1)),
            },
            {"kind": "refused", "begins_on": date(2999, 1, 1)},
        ],
    ),
    "release_text_is_signed": (
        Release,
        [
            {"kind": "signed", "text_hash": "a0" * 32},
            {"kind": "typed", "text_hash": "a0" * 32},
            {"kind": "uploaded"},
        ],
        [
            {"kind": "signed"},
            {"kind": "typed", "text_hash": "A0" * 32},
            {"kind": "verbal", "text_hash": "a0" * 32},
        ],
    ),
    "release_signed_by_is_known": (
        Release,
        [{"signed_by": "client"}, {"signed_by": "guardian"}],
        [{"signed_by": ""}, {"signed_by": "friend"}],
    ),
    "release_guardian_signs": (
        Release,
        [{"signed_by": "guardian", "guardian_name": "Ann Smith"}, {"signed_by": "guardian"}],
        [{"signed_by": "client", "guardian_name": "Ann Smith"}],
    ),
    "release_revoked_by_somebody": (
        Release,
        [{"revoked_at": NOW, "revoked_by": "somebody", "revoked_reason": "client"}],
        [
            {"revoked_at": NOW},
            {"revoked_by": "somebody"},
            {"revoked_reason": "client"},
            {"revoked_at": NOW, "revoked_by": "somebody", "revoked_reason": "x"},
        ],
    ),
    "alert_ends_after_begin": (
        Alert,
        [
            {"begins_on": date(2026, 1, 2), "ends_on": date(2026, 1, 2)},
            {"ends_on": None},
        ],
        [{"begins_on": date(2026, 1, 2), "ends_on": date(2026, 1, 1)}],
    ),
    "alias_has_a_name": (
        ClientAlias,
        [{"first_name": ""}, {"last_name": ""}],
        [{"first_name": "", "last_name": ""}],
    ),
    "client_has_a_name": (
        Client,
        [
            {"first_name": ""},
            {"last_name": ""},
            {"first_name": "", "last_name": "", "name_data_quality": 8},
            {"first_name": "", "last_name": "", "name_data_quality": 9},
            {"first_name": "", "last_name": "", "name_data_quality": 99},
        ],
        [
            {"first_name": "", "last_name": "", "name_data_quality": 1},
            {"first_name": "", "last_name": "", "name_data_quality": 2},
        ],
    ),
    "client_name_quality_fits": (
        Client,
        [{"name_data_quality": code} for code in (1, 2, 8, 9, 99)],
        [{"name_data_quality": code} for code in (0, 3, 7)],
    ),
    "client_ssn_quality_fits": (
        Client,
        [
            *({"ssn": "", "ssn_data_quality": code} for code in (8, 9, 99)),
            *({"ssn": "123121234", "ssn_data_quality": code} for code in (1, 2)),
        ],
        [
            *({"ssn": "", "ssn_data_quality": code} for code in (1, 2, 0)),
            *({"ssn": "123121234", "ssn_data_quality": code} for code in (8, 9, 99)),
        ],
    ),
    "client_dob_quality_fits": (
        Client,
        [
            *({"dob": None, "dob_data_quality": code} for code in (8, 9, 99)),
            *({"dob": date(1980, 1, 1), "dob_data_quality": code} for code in (1, 2)),
        ],
        [
            *({"dob": None, "dob_data_quality": code} for code in (1, 2, 0)),
            *({"dob": date(1980, 1, 1), "dob_data_quality": code} for code in (8, 9, 99)),
        ],
    ),
    "client_sex_is_known": (
        Client,
        [{"sex": code} for code in (0, 1, 8, 9, 99)],
        [{"sex": code} for code in (2, 3, 7)],
    ),
    "client_race_or_reason": (
        Client,
        [{"race_none": 9}, {"white": True, "asian": True}],
        [{"race_none": 9, "white": True}, {"race_none": 7}],
    ),
    "client_served_before_separated": (
        Client,
        [
            {"year_entered_service": 1999, "year_separated": 1999},
            {"year_entered_service": 1999},
            {"year_separated": 1990},
        ],
        [{"year_entered_service": 1999, "year_separated": 1998}],
    ),
    "client_erased_is_deleted": (
        Client,
        [{"erased_at": None}, ERASED | DELETED],
        [ERASED],
    ),
    "client_erased_has_no_identity": (
        Client,
        [ERASED | DELETED],
        [ERASED | DELETED | {name: "x"} for name in ("last_name", "phone", "photo_token")],
    ),
    "client_not_merged_into_itself": (Client, [{"merged_into": None}], [{"merged_into": "self"}]),
    "duplicate_report_of_two_clients": (
        DuplicateReport,
        [{"comment": "x"}],
        [{"client_2": "client_1"}],
    ),
    "duplicate_report_resolution_is_known": (
        DuplicateReport,
        [
            {"resolution": kind, "resolved_by": "somebody", "resolved_at": NOW}
            for kind in ("merged", "different")
        ],
        [{"resolution": "perhaps", "resolved_by": "somebody", "resolved_at": NOW}],
    ),
    "duplicate_report_resolved_by_somebody": (
        DuplicateReport,
        [{"resolution": ""}],
        [
            {"resolution": "merged"},
            {"resolution": "merged", "resolved_at": NOW},
            {"resolution": "", "resolved_by": "somebody"},
            {"resolution": "", "resolved_at": NOW},
        ],
    ),
    "merge_of_two_clients": (
        ClientMerge,
        [{"survivor": "earlier"}],
        [{"merged": "survivor"}],
    ),
    "merge_undone_by_somebody": (
        ClientMerge,
        [{"undone_at": NOW, "undone_by": "somebody"}, {"undone_at": None}],
        [{"undone_at": NOW}, {"undone_by": "somebody"}],
    ),
    "possible_duplicate_in_order": (
        PossibleDuplicate,
        [{"client_1": "earlier"}],
        [{"client_2": "client_1"}, {"client_2": "earlier"}],
    ),
    "possible_duplicate_score_fits": (
        PossibleDuplicate,
        [{"score": 0}, {"score": 1}],
        [{"score": -0.01}, {"score": 1.01}],
    ),
    "possible_duplicate_decision_is_known": (
        PossibleDuplicate,
        [
            {"decision": "different", "decided_by": "somebody", "decided_at": NOW},
            {"decision": "same", "decided_by": "somebody", "decided_at": NOW},
        ],
        [{"decision": "perhaps", "decided_by": "somebody", "decided_at": NOW}],
    ),
    "possible_duplicate_decided_by_somebody": (
        PossibleDuplicate,
        [{"decision": "open"}],
        [
            {"decision": "same"},
            {"decision": "same", "decided_at": NOW},
            {"decision": "open", "decided_by": "somebody"},
            {"decision": "open", "decided_at": NOW},
        ],
    ),
    "duplicate_search_ends_after_start": (
        DuplicateSearch,
        [{"started_at": NOW, "finished_at": NOW}],
        [{"started_at": NOW, "finished_at": NOW - timedelta(seconds=1)}],
    ),
    "interested_other_has_a_type": (
        InterestedOther,
        [{"type_description": "Aunt"}],
        [{"type_description": ""}],
    ),
}
for _model in (Client, Alert, InterestedOther, DuplicateReport):
    _name = _model._meta.model_name
    ROWS[f"{_name}_visibility_is_known"] = (
        _model,
        [{"visibility": "all"}, {"visibility": "own"}],
        [{"visibility": ""}, {"visibility": "foe"}],
    )
    ROWS[f"{_name}_deleted_by_somebody"] = (
        _model,
        [{"date_deleted": NOW, "deleted_by": "somebody"}, {"date_deleted": None}],
        [{"date_deleted": NOW}, {"deleted_by": "somebody"}],
    )
ROWS |= set_up_constraints.ROWS
# These are about two rows and have tests of their own below.
TWO_ROWS = set_up_constraints.TWO_ROWS | {
    "known_browser_once",  # tests/agencies/test_security_alerts.py has these
    "security_alert_once_a_day",
    "security_alert_once_a_day_and_organization",
    "factor_reset_open_once",
    "invitation_pending_once",
    "membership_once",
    "project_name_once_in_organization",
    "organization_sharing_in_force",  # a trigger keeps it: tests/agencies/test_sharing.py
    "alias_once",
    "form_draft_once_a_form",  # tests/clients/test_form_drafts.py
    "merged_away_once",
    "person_key_once",
    "possible_duplicate_once",
    "spelling_once",
    "use_counted_once_an_hour",
    "client_ssn_shape_is_known",  # derived whenever a row is written by way of the model
}
FACTORIES = set_up_constraints.FACTORIES | {
    Alert: AlertFactory,
    IdentityChange: IdentityChangeFactory,
    Client: ClientFactory,
    ClientAlias: ClientAliasFactory,
    ClientMerge: ClientMergeFactory,
    DuplicateReport: DuplicateReportFactory,
    DuplicateSearch: DuplicateSearchFactory,
    FactorReset: FactorResetFactory,
    InterestedOther: InterestedOtherFactory,
    Invitation: InvitationFactory,
    Membership: MembershipFactory,
    Organization: OrganizationFactory,
    PossibleDuplicate: PossibleDuplicateFactory,
    Release: ReleaseFactory,
    Project: ProjectFactory,
    User: UserFactory,
}


def constraints() -> dict[str, tuple[type[models.Model], models.BaseConstraint]]:
    return {
        constraint.name: (model, constraint)
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        for constraint in model._meta.constraints
    }


def cases(half: int) -> list:
    return [
        pytest.param(name, row, id=f"{name}-{number}")
        for name, spec in ROWS.items()
        for number, row in enumerate(spec[half])
    ]


def about_client(model: type[models.Model], **values) -> models.Model:
    """A row about a client, of the user and the organization that filed the client."""
    client = ClientFactory()
    return model(client=client, user=client.created_by, organization=client.organization, **values)


def without_policy() -> SharingPolicy:
    """The one row, where the one of the migration is gone."""
    with pgtrigger.ignore("agencies.SharingPolicy:never_deleted"):
        SharingPolicy.objects.all().delete()
    return SharingPolicy()


# Rows that no factory makes.
MADE = {
    SecurityEvent: lambda: SecurityEvent(kind="log_in"),
    SecurityAlert: lambda: SecurityAlert(
        kind="new_browser", user=UserFactory(), day=date(2026, 1, 2)
    ),
    UseCount: lambda: UseCount(user=UserFactory(), kind="searches", hour=NOW, minute=NOW),
    SSNReveal: lambda: about_client(SSNReveal, reason="identity"),
    EmergencyAccess: lambda: about_client(
        EmergencyAccess,
        reason="danger",
        explanation="A fire",
        ends_at=NOW + timedelta(hours=4),
    ),
    ClientAccess: lambda: about_client(ClientAccess, page="x"),
    SharingPolicy: without_policy,
}


def new_row(model: type[models.Model], values: dict) -> models.Model:
    """A row that is not saved yet."""
    if model in MADE:
        row = MADE[model]()
    else:
        row = FACTORIES[model].build()
        for field in model._meta.fields:
            if field.is_relation and not field.null:
                setattr(row, field.name, of_related(field))
    for name, value in values.items():
        setattr(row, name, found(row, value))
    return row


def of_related(field) -> models.Model:
    return FACTORIES[field.related_model]()


def found(row: models.Model, value):
    if value == "somebody":
        return UserFactory()
    if value == "earlier":
        return ClientFactory(pk=1)
    return getattr(row, value) if value in ("client_1", "survivor", "project") else value


def insert(model: type[models.Model], values: dict) -> None:
    """Write past every form and model method."""
    to_itself = values.get("merged_into") == "self"
    row = new_row(model, {} if to_itself else values)
    model._base_manager.bulk_create([row])
    if to_itself:
        model._base_manager.filter(pk=row.pk).update(merged_into=row.pk)


def test_every_constraint_has_a_row_here():
    assert constraints().keys() == ROWS.keys() | TWO_ROWS


def test_every_constraint_has_words_for_people():
    for name, (_, constraint) in constraints().items():
        if name not in WITHOUT_WORDS:
            words = constraint.violation_error_message
            assert words != constraint.default_violation_error_message, name
            assert words[0].isupper(), name
            assert words.endswith("."), name


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "values"), cases(1))
def test_database_accepts(name, values):
    insert(ROWS[name][0], values)


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "values"), cases(2))
def test_database_refuses(name, values):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        insert(ROWS[name][0], values)
    assert refusal.value.__cause__.diag.constraint_name == name


def refuses_second(name: str, rows: list[models.Model]) -> None:
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        type(rows[0])._base_manager.bulk_create(rows)
    assert refusal.value.__cause__.diag.constraint_name == name


def test_membership_once(harbor, bridge, alice):
    MembershipFactory(user=alice, organization=bridge)
    refuses_second("membership_once", [Membership(user=alice, organization=bridge)])


def test_invitation_pending_once(alice, bridge):
    InvitationFactory(user=alice)
    state = {"state": "declined", "answered_at": NOW}
    InvitationFactory(user=alice, organization=bridge, **state)
    InvitationFactory(user=alice, organization=bridge)
    second = InvitationFactory.build(user=alice, organization=bridge)
    refuses_second("invitation_pending_once", [second])


def test_factor_reset_open_once(alice):
    FactorResetFactory(user=alice, ended_at=NOW)
    FactorResetFactory(user=alice)
    refuses_second("factor_reset_open_once", [FactorResetFactory.build(user=alice)])


def test_project_name_once_in_organization(harbor, bridge):
    first = ProjectFactory(organization=harbor, project_name="Harbor Nights")
    ProjectFactory(organization=bridge, project_name="Harbor Nights")
    second = ProjectFactory.build(organization=harbor, project_name=first.project_name)
    refuses_second("project_name_once_in_organization", [second])


def test_person_key_once(db):
    known = ClientFactory()
    with pytest.raises(IntegrityError, match="person_key_once"), transaction.atomic():
        ClientFactory(personal_id=known.personal_id)


def test_alias_once(db):
    alias = ClientAliasFactory()
    ClientAliasFactory(first_name=alias.first_name, last_name=alias.last_name)
    names = {"first_name": alias.first_name, "last_name": alias.last_name}
    refuses_second("alias_once", [ClientAlias(client=alias.client, **names)])


def test_possible_duplicate_once(db):
    pair = PossibleDuplicateFactory()
    PossibleDuplicateFactory(client_1=pair.client_1)
    pair.pk = None
    refuses_second("possible_duplicate_once", [pair])


def test_merged_away_once(db):
    first = ClientMergeFactory()
    undone = {"undone_at": NOW, "undone_by": first.by}
    ClientMergeFactory(merged=first.merged, **undone)
    second = ClientMergeFactory.build(
        survivor=ClientFactory(), merged=first.merged, by=first.by, snapshot={}
    )
    refuses_second("merged_away_once", [second])


def test_use_counted_once_an_hour(alice):
    first = UseCount(user=alice, kind="searches", hour=NOW, minute=NOW)
    first.save()
    UseCount(user=alice, kind="clients", hour=NOW, minute=NOW).save()
    second = UseCount(user=alice, kind="searches", hour=NOW, minute=NOW)
    refuses_second("use_counted_once_an_hour", [second])


def test_spelling_once(db):
    NameSpelling.objects.create(part="ana", key="maryana")
    NameSpelling.objects.create(part="ana", key="ana")
    refuses_second("spelling_once", [NameSpelling(part="ana", key="ana")])


@pytest.mark.parametrize("shape", ["whole", "part", "impossible", ""])
def test_client_ssn_shape_is_known(db, shape):
    client = ClientFactory()
    Client.objects.filter(pk=client.pk).update(ssn_shape=shape)
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Client.objects.filter(pk=client.pk).update(ssn_shape="odd")
    assert refusal.value.__cause__.diag.constraint_name == "client_ssn_shape_is_known"


def test_ids_are_never_used_twice(harbor, alice):
    client = ClientFactory(organization=harbor, created_by=alice)
    second = ClientFactory.build(
        organization=harbor, created_by=alice, personal_id=client.personal_id
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Client._base_manager.bulk_create([second])


# The same sentences through the forms


def test_form_says_that_an_alert_cannot_end_before_it_begins(alice, harbor):
    alert = Alert(client=ClientFactory(organization=harbor, created_by=alice))
    form = form_of(
        AlertForm,
        alice,
        instance=alert,
        text="x",
        begins_on="01/02/2026",
        ends_on="01/01/2026",
    )
    assert errors(form) == {"__all__": ["The alert cannot end before it begins."]}


def test_form_checks_a_constraint_whose_field_is_not_on_it(alice, harbor):
    client = ClientFactory(organization=harbor, created_by=alice)
    alert = Alert(client=client, visibility="foe")
    form = form_of(AlertForm, alice, instance=alert, text="x", begins_on="01/02/2026")
    assert errors(form) == {"__all__": ["Choose who may see this record."]}


def test_form_says_what_a_client_without_a_name_needs(alice):
    form = form_of(ClientForm, alice, name_data_quality="1")
    assert errors(form)["first_name"] == ["Enter a first name or a last name."]
