"""Rows that the constraints of agencies accept and refuse (tests/test_constraints.py)."""

from datetime import date

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
from tests.agencies import set_up_constraints
from tests.factories import (
    FactorResetFactory,
    InvitationFactory,
    MembershipFactory,
    OrganizationFactory,
    ProjectFactory,
    UserFactory,
)
from tests.inserted_rows import inserted

NOW = timezone.now()


def two_memberships(*organizations):
    user = UserFactory()
    for organization in organizations:
        MembershipFactory(user=user, organization=organization)


def second_invitation(*, same_organization, **first):
    invitation = InvitationFactory(**first)
    organization = invitation.organization if same_organization else OrganizationFactory()
    InvitationFactory(user=invitation.user, organization=organization)


def second_reset(**first):
    FactorResetFactory(user=FactorResetFactory(**first).user)


def second_project(**values):
    first = ProjectFactory(project_name="Harbor Nights")
    same = {"organization": first.organization, "project_name": first.project_name}
    ProjectFactory(**(same | values))


def used_twice(*kinds):
    user = UserFactory()
    for kind in kinds:
        UseCount.objects.create(user=user, kind=kind, hour=NOW, minute=NOW)


TWICE = {
    "membership_once": (
        [lambda: two_memberships(OrganizationFactory(), OrganizationFactory())],
        [lambda: two_memberships(*[OrganizationFactory()] * 2)],
    ),
    "invitation_pending_once": (
        [
            lambda: second_invitation(same_organization=False),
            lambda: second_invitation(same_organization=True, state="declined", answered_at=NOW),
        ],
        [lambda: second_invitation(same_organization=True)],
    ),
    "factor_reset_open_once": ([lambda: second_reset(ended_at=NOW)], [second_reset]),
    "project_name_once_in_organization": (
        [lambda: second_project(organization=OrganizationFactory())],
        [second_project],
    ),
    "use_counted_once_an_hour": (
        [lambda: used_twice("searches", "clients")],
        [lambda: used_twice("searches", "searches")],
    ),
}
ROWS = (
    set_up_constraints.ROWS
    | TWICE
    | inserted(
        {
            "factor_reset_identified": (
                FactorReset,
                [{"identified": "video"}, {"identified": "called_back"}],
                [{"identified": ""}, {"identified": "trust"}],
            ),
            "invitation_role_is_known": (
                Invitation,
                [{"role": "dqo"}],
                [{"role": ""}, {"role": "boss"}],
            ),
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
            "membership_role_is_known": (
                Membership,
                [{"role": "dqo"}],
                [{"role": ""}, {"role": "boss"}],
            ),
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
            "use_kind_is_known": (
                UseCount,
                [{"kind": "reveals"}],
                [{"kind": ""}, {"kind": "meals"}],
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
        }
    )
)
