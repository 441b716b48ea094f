"""The user of a page and the memberships come in one query, and nobody comes in by it."""

import pytest

from agencies.backends import MemberBackend
from tests.factories import MembershipFactory, UserFactory


@pytest.fixture
def found():
    return lambda user: MemberBackend().get_user(user.pk)


def test_user_comes_with_the_memberships_in_one_query(
    found, alice, harbor, bridge, django_assert_num_queries
):
    MembershipFactory(user=alice, organization=bridge)
    with django_assert_num_queries(1):
        user = found(alice)
        assert user == alice
        assert user.organizations == [bridge, harbor]


def test_inactive_member_is_not_logged_in_any_more(found, alice):
    alice.is_active = False
    alice.save()
    assert found(alice) is None


def test_nobodys_member_is_found_too(found, db):
    assert found(UserFactory()).organizations == []


def test_administrator_has_access_everywhere_member_or_not(found, harbor, bridge):
    admin = UserFactory(is_superuser=True, at=[harbor])
    assert {one.role for one in found(admin).access.values()} == {"dqo"}
    assert set(found(admin).organizations) == {harbor, bridge}


def test_unknown_number_is_nobody(db):
    assert MemberBackend().get_user(0) is None
