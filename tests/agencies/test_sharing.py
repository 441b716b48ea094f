"""The CoC's policy of sharing, and an agency's stricter choice (13.2): who sets them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import Organization, Sharing, SharingPolicy
from agencies.sharing import community_policy, set_community_policy, set_sharing
from tests.factories import OrganizationFactory, UserFactory
from tests.waits import at_once


@pytest.fixture
def administrator(db):
    return UserFactory(is_superuser=True)


def in_force(organization) -> str:
    organization.refresh_from_db()
    return organization.sharing_in_force


def test_the_policy_is_open_until_somebody_sets_it(db):
    assert community_policy() is Sharing.OPEN


@pytest.mark.parametrize("common", list(Sharing))
@pytest.mark.parametrize("own", ["", *Sharing])
def test_the_stricter_one_is_in_force(harbor, policy, common, own):
    harbor.sharing = own
    harbor.save()
    policy(common)
    expected = max([common, Sharing(own or "open")], key=lambda one: one.strictness)
    assert in_force(harbor) == expected == Sharing.strictest(common, own)


def test_a_new_organization_has_what_is_in_force_whoever_writes_it(policy):
    policy("required")
    Organization.objects.bulk_create([Organization(organization_name="Imported")])
    assert Organization.objects.get(organization_name="Imported").sharing_in_force == "required"


def test_what_is_in_force_is_written_by_nobody(harbor, policy):
    policy("required")
    Organization.objects.filter(pk=harbor.pk).update(sharing_in_force="open")
    assert in_force(harbor) == "required"


def test_administrators_set_the_policy(harbor, administrator, dana):
    set_community_policy(policy="parts", seen="open", by=administrator)
    assert in_force(harbor) == "parts"
    assert SharingPolicy.objects.get().updated_by == administrator
    with pytest.raises(PermissionDenied):
        set_community_policy(policy="open", seen="parts", by=dana)


def test_officers_choose_for_their_own_organization(harbor, bridge, dana, alice):
    set_sharing(organization=harbor.pk, sharing="required", seen="", by=dana)
    assert in_force(harbor) == "required"
    for user, organization in ((dana, bridge), (alice, harbor)):
        with pytest.raises(PermissionDenied):
            set_sharing(organization=organization.pk, sharing="parts", seen="", by=user)
    assert in_force(bridge) == "open"


@pytest.mark.parametrize("choice", ["open", "parts"])
def test_an_agency_shares_no_more_than_the_coc(harbor, dana, policy, choice):
    policy("parts")
    with pytest.raises(ValidationError, match="may only share less"):
        set_sharing(organization=harbor.pk, sharing=choice, seen="", by=dana)


def test_a_choice_stays_when_the_coc_becomes_stricter_and_back(harbor, dana, policy):
    set_sharing(organization=harbor.pk, sharing="parts", seen="", by=dana)
    policy("required")
    assert in_force(harbor) == "required"
    set_sharing(organization=harbor.pk, sharing="parts", seen="parts", by=dana)  # as it was
    policy("open")
    assert in_force(harbor) == "parts"


def test_a_choice_that_the_coc_has_caught_up_with_may_be_saved_as_it_is(harbor, dana, policy):
    set_sharing(organization=harbor.pk, sharing="parts", seen="", by=dana)
    policy("required")
    set_sharing(organization=harbor.pk, sharing="parts", seen="parts", by=dana)
    with pytest.raises(ValidationError, match="may only share less"):
        set_sharing(organization=harbor.pk, sharing="open", seen="parts", by=dana)


def test_the_second_to_save_is_told(harbor, dana, administrator):
    set_sharing(organization=harbor.pk, sharing="parts", seen="", by=dana)
    with pytest.raises(ValidationError, match="changed this to Consent for parts"):
        set_sharing(organization=harbor.pk, sharing="required", seen="", by=dana)
    set_community_policy(policy="required", seen="open", by=administrator)
    with pytest.raises(ValidationError, match="changed this to Consent required"):
        set_community_policy(policy="parts", seen="open", by=administrator)


def test_every_change_has_a_history(harbor, dana, policy):
    set_sharing(organization=harbor.pk, sharing="parts", seen="", by=dana)
    policy("required")
    versions = Organization.pgh_event_model.objects.filter(pgh_obj_id=harbor.pk)
    seen = [(one.sharing, one.sharing_in_force) for one in versions.order_by("pk")]
    assert seen == [("", "open"), ("parts", "parts"), ("parts", "required")]
    assert SharingPolicy.pgh_event_model.objects.latest("pk").policy == "required"


@pytest.mark.django_db(transaction=True)
def test_policy_and_choice_at_once_are_both_in_force(harbor, dana):
    administrator = UserFactory(is_superuser=True)
    at_once(
        lambda: set_community_policy(policy="parts", seen="open", by=administrator),
        lambda: set_sharing(organization=harbor.pk, sharing="required", seen="", by=dana),
        refusal=ValidationError,
    )
    assert in_force(harbor) == "required"
    assert in_force(OrganizationFactory()) == "parts"
