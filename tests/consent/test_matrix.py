"""Every cell of docs/consent.md, in every place where records show (R13.2).

One population and one log-in a user for all of it: all cells that are wrong are named at once.
"""

from collections.abc import Collection

import pytest
from django.http import HttpResponseNotFound
from django.urls import reverse

from clients.models import Client
from tests.clients.merge.rows import emergency
from tests.consent import surfaces
from tests.consent.matrix import (
    PAGE,
    SHARED,
    STATES,
    WHO,
    Cell,
    Part,
    Policy,
    State,
    Who,
    cells,
    expected,
    one_of_each_kind,
    seen,
    stricter,
    written,
)
from tests.consent.population import Population, choose, populate

pytestmark = pytest.mark.django_db
PEOPLE = {who.name: who for who in WHO}
PAIRS = [(filed, kept) for filed in Policy for kept in Policy if filed is not kept]


@pytest.fixture(scope="module")
def populated(module_transaction) -> Population:
    """Everybody and everything, once for this module."""
    return populate()


@pytest.fixture
def population(populated, db) -> Population:
    return populated


def test_table_in_the_documentation_is_that_of_the_tests():
    page = PAGE.read_text()
    assert written(page) == page, "python -m tests.consent.matrix"


def test_population_has_a_row_of_every_cell(population):
    assert population.rows.keys() == set(cells())
    words = [word for word in population.words.values() if word]
    assert len(words) == len(set(words))
    assert not [one for one in words for other in words if one != other and one in other]


@pytest.fixture
def _plain_refusals(monkeypatch):
    """Most addresses are refused: laying that page out takes half the time, and shows no cell."""
    monkeypatch.setattr("hmis.urls.handler404", lambda request, exception: HttpResponseNotFound())


@pytest.mark.usefixtures("_plain_refusals")
def test_every_cell_in_every_place(population, portal):
    """And of two agencies the stricter one's policy, in lists: the clients are Harbor's."""
    browsers = {who.name: portal(population.users[who.name]) for who in WHO}
    browsers["ada"].post(reverse("settings"), {"organization": population.agencies["harbor"].pk})
    wrong = []
    for policy in Policy:
        choose(population.agencies, policy)
        for who in WHO:
            for surface in _walked(who, policy):
                found = population.of_states(_answers(surface, who, policy))
                shown = surface.of(surface.shown(found, who, browsers[who.name]))
                allowed = surface.of(expected(who, policy)) & found.rows.keys()
                wrong += _differences(f"{policy}, {surface.name}", who, shown, surface, allowed)
    for filed, kept in PAIRS:
        choose(population.agencies, Policy.OPEN, harbor=filed, cedar=kept)
        for who in WHO:
            shown = surfaces.querysets(population, who, browsers[who.name])
            allowed = {cell for cell in cells() if seen(who, cell, filed, _of(cell, filed, kept))}
            place = f"{filed}, Cedar {kept}"
            wrong += _named(place, who, "shown", shown - allowed)
            wrong += _named(place, who, "missing", allowed - shown)
    assert not wrong, "\n".join(wrong)


def _walked(who: Who, policy: Policy) -> list[surfaces.Surface]:
    """Under *open* pages are walked by the stranger alone: the rest is what all other tests do."""
    every = (*surfaces.SURFACES, *surfaces.NO_MORE_THAN)
    if policy is Policy.OPEN:
        walked = {*surfaces.IN_OPEN} if who.name == "charlie" else set[str]()
        return [one for one in every if one.whose is None or one.name in walked]
    return [one for one in every if one.whose is None or who.name in one.whose]


def _answers(surface: surfaces.Surface, who: Who, policy: Policy) -> Collection[State]:
    """The clients whose pages are walked: of every answer under the strictest policy.

    What an answer opens hangs on no policy, and the lists are asked about all of them under each:
    of the other policies pages show what they do to what is not opened.
    """
    if surface.by_client and policy is not Policy.REQUIRED:
        return one_of_each_kind(who, policy)
    return STATES


def _differences(place, who, shown, surface, allowed) -> list[str]:
    found = _named(place, who, "shown", shown - allowed)
    if surface in surfaces.NO_MORE_THAN:
        return found if shown else [f"{place}: {who.name} is shown nothing"]
    return found + _named(place, who, "missing", allowed - shown)


def _of(cell: Cell, filed: Policy, kept: Policy) -> Policy:
    return kept if cell.owner == "cedar" else filed


def _named(place, who, what, found) -> list[str]:
    return [f"{place}: {who.name}, {what}: {' '.join(cell)}" for cell in sorted(found)]


# what one table must say, whoever writes it


@pytest.mark.parametrize("policy", Policy)
def test_stricter_policy_never_shows_more(policy):
    for who in WHO:
        for other in Policy:
            if stricter(policy, other) is other:
                assert expected(who, other) <= expected(who, policy)


def test_each_policy_differs_from_the_next_one():
    charlie = PEOPLE["charlie"]
    opened, parts, required = (len(expected(charlie, policy)) for policy in Policy)
    assert opened > parts > required > 0
    assert SHARED[Policy.PARTS] == {Part.IDENTITY}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.key)
def test_own_agency_always_sees_what_it_filed(state):
    for policy in Policy:
        for cell in cells():
            if (cell.state, cell.owner) == (state.key, "harbor") and cell.kind != "check":
                assert seen(PEOPLE["alice"], cell, policy)


def test_emergency_access_opens_what_no_release_covers(population, charlie_in_an_emergency):
    """As it opens a restricted client: to read, by the Client ID, and logged."""
    choose(population.agencies, Policy.REQUIRED)
    client = population.clients["refused"]
    assert not Client.objects.visible_to(charlie_in_an_emergency).filter(pk=client.pk).exists()
    assert Client.objects.openable_by(charlie_in_an_emergency).filter(pk=client.pk).exists()


@pytest.fixture
def charlie_in_an_emergency(population, settings):
    settings.BREAK_GLASS = True
    charlie = population.users["charlie"]
    row = emergency(population.clients["refused"])
    bridge = charlie.organizations[0]
    type(row).objects.filter(pk=row.pk).update(user=charlie, organization=bridge)
    return charlie
