"""What `manage.py find_duplicates` lists and leaves alone, and that it may be run anyhow."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clients.duplicates import actions, blocking
from clients.duplicates import run as finder
from clients.duplicates.blocking import BLOCKS, Pairs
from clients.duplicates.run import LOCK, AlreadySearchingError, find_duplicates
from clients.models import Client, ClientAlias, DuplicateSearch, PossibleDuplicate
from tests.bench.population import Population, load
from tests.clients.duplicates.conftest import BORN, SSN, listed, search, touch
from tests.factories import ClientAliasFactory, OrganizationFactory, UserFactory

LABELLED = Path(__file__).with_name("labelled.csv")
Decision = PossibleDuplicate.Decision


@pytest.fixture
def dana(db):
    return UserFactory()


def again(client: Client, **changes) -> None:
    """Correct a client, as Edit Client does."""
    for name, value in changes.items():
        setattr(client, name, value)
    client.date_updated = timezone.now()
    client.save()


@pytest.mark.parametrize("since", [False, True])
@pytest.mark.parametrize(("first", "last"), [("Robert", "Quillen"), ("Roberd", "Quillen")])
def test_approximate_date_of_birth_brings_the_pair_together(file, since, first, last):
    """Either of the two may be the approximate one, and the one that was changed last."""
    whole, rough = file(dob=BORN), file(first, last, dob=date(BORN.year, 1, 1), dob_data_quality=2)
    other = file("Roberta", "Zimmermann", dob=date(BORN.year, 1, 1), dob_data_quality=2)
    if since:
        search()
        PossibleDuplicate.objects.all().delete()
        again(rough, phone="617-555-0100")
    search()
    assert listed() == [(whole.pk, rough.pk)]
    assert other.pk


def test_labelled_population_is_searched_as_well_as_ever(file):
    """600 records with twins, fathers and sons: 128 pairs are of one person."""
    records, person_of = load(LABELLED), {}
    for record in records:
        quality = 2 if record.ssn.startswith("x") else 1
        client = file(
            record.first_name,
            record.last_name,
            record.dob,
            ssn=record.ssn,
            ssn_data_quality=quality if record.ssn else 99,
            **{
                name: getattr(record, name)
                for name in ("middle_name", "name_suffix", "sex", "phone", "email")
            },
            **{name: getattr(record, name) for name in ("address1", "city", "zip")},
        )
        person_of[client.pk] = record.person
        if record.alias_first:
            ClientAliasFactory(
                client=client, first_name=record.alias_first, last_name=record.alias_last
            )
    search(whole=True)
    right = sum(person_of[one] == person_of[two] for one, two in listed())
    assert right / len(listed()) >= 0.9  # precision
    assert right >= 124  # recall


def test_pair_is_listed_once_with_its_reasons(file):
    one, two = file(), file("Bob")
    outcome = search()
    (pair,) = PossibleDuplicate.objects.all()
    assert (pair.client_1, pair.client_2) == (one, two)
    assert pair.reasons == ["Same last name", "Nickname", "Same date of birth"]
    assert 0.9 < pair.score <= 1
    assert pair.decision == Decision.OPEN
    assert outcome.counts["new"] == 1
    assert outcome.search.clients == 2
    outcome = search(whole=True)
    assert (outcome.counts["new"], listed()) == (0, [(one.pk, two.pk)])


def test_only_changed_clients_are_compared_the_second_time(file, monkeypatch):
    file(), file("Bob")
    search()
    monkeypatch.setattr(finder, "OVERLAP", timedelta(0))
    PossibleDuplicate.objects.all().delete()
    assert search().counts["weighed"] == 0
    third = file("Rob")
    touch([third], timezone.now())
    outcome = search()
    assert outcome.search.clients == 1
    assert not outcome.search.is_whole
    assert {pair[1] for pair in listed()} == {third.pk}
    assert len(listed()) == 2
    search(whole=True)
    assert len(listed()) == 3


def test_run_of_a_clock_that_was_set_back_leaves_no_change_out(file):
    file()
    for days in (-1, 1):
        at = timezone.now() + timedelta(days=days)
        DuplicateSearch.objects.create(
            started_at=at, finished_at=at, is_whole=False, clients=1, pairs=0
        )
    file("Bob")
    assert search().search.clients == 2


def test_alias_and_one_part_of_a_double_name_are_found(file):
    married = file("Ana", "Zimmer")
    ClientAliasFactory(client=married, first_name="Ana", last_name="García")
    file("Ana", "García-Oyelaran")
    search()
    assert len(listed()) == 1


def test_deleted_and_merged_clients_are_not_compared(file, dana):
    one, two, three = file(), file(), file()
    two.mark_deleted(by=dana)
    three.merged_into = one
    three.save()
    search(whole=True)
    assert listed() == []


def test_pair_that_was_corrected_apart_leaves_the_list(file):
    file(ssn=SSN)
    two = file()
    search()
    again(two, first_name="Wendeline", last_name="Abara", dob=date(1950, 8, 9))
    assert search().counts["removed"] == 1
    assert listed() == []


def test_different_people_stay_off_the_list(file, dana):
    file(), file("Bob")
    search()
    pairs = PossibleDuplicate.objects.all()
    assert actions.decide_pairs(pairs=pairs, decision=Decision.DIFFERENT, by=dana) == 1
    for whole in (False, True):
        assert search(whole=whole).counts["new"] == 0
    pair = pairs.get()
    assert (pair.decision, pair.decided_by) == (Decision.DIFFERENT, dana)


@pytest.mark.parametrize(
    ("changes", "decision"),
    [
        ({"phone": "555-0101"}, Decision.DIFFERENT),  # no part of who they are
        ({"first_name": "Bobbi"}, Decision.DIFFERENT),  # less alike than they were
        ({"first_name": "Robert"}, Decision.OPEN),
        ({"ssn": SSN, "ssn_data_quality": 1}, Decision.OPEN),
    ],
)
def test_different_people_come_back_when_they_look_more_alike(file, dana, changes, decision):
    file(ssn=SSN)
    two = file("Bob")
    search()
    pairs = PossibleDuplicate.objects.all()
    actions.decide_pairs(pairs=pairs, decision=Decision.DIFFERENT, by=dana)
    again(two, **changes)
    outcome = search()
    assert pairs.get().decision == decision
    assert outcome.counts["reopened"] == (decision == Decision.OPEN)


def test_decision_is_about_the_clients_as_they_are_then(file, dana):
    """An officer who looked at a correction has seen it: the next run does not ask again."""
    file(ssn=SSN)
    two = file("Bob")
    search()
    again(two, first_name="Robert")
    pairs = PossibleDuplicate.objects.all()
    actions.decide_pairs(pairs=pairs, decision=Decision.DIFFERENT, by=dana)
    assert search().counts["reopened"] == 0
    assert pairs.get().decision == Decision.DIFFERENT


def test_undone_decision_is_open_again(file, dana):
    file(), file()
    search()
    pairs = PossibleDuplicate.objects.all()
    actions.decide_pairs(pairs=pairs, decision=Decision.DIFFERENT, by=dana)
    assert actions.reopen_pairs(pairs=pairs) == 1
    pair = pairs.get()
    assert (pair.decision, pair.decided_by, pair.decided_at) == (Decision.OPEN, None, None)


def test_same_person_is_not_asked_again(file, dana):
    file(), file()
    search()
    pairs = PossibleDuplicate.objects.all()
    actions.decide_pairs(pairs=pairs, decision=Decision.SAME, by=dana)
    search(whole=True)
    assert pairs.get().decision == Decision.SAME


def test_keys_that_too_many_share_are_skipped_and_reported(file, monkeypatch):
    monkeypatch.setattr(blocking, "LARGEST_BLOCK", 2)
    for _ in range(3):
        file("Al", "Zed", date(1980, 1, 1))
    outcome = search(whole=True)
    assert outcome.oversized_blocks["dob last_sound"] == 3
    assert listed() == []


def test_command_says_in_one_line_what_it_did(file):
    file(), file()
    out = StringIO()
    call_command("find_duplicates", processes=1, stdout=out)
    (line,) = out.getvalue().splitlines()
    assert line.startswith("2 clients compared in ")
    assert "1 new, 0 reopened, 0 removed" in line
    assert "Quillen" not in line


def test_second_search_at_once_leaves_it_to_the_first(file):
    file(), file()
    with psycopg.connect(_dsn(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        with pytest.raises(AlreadySearchingError):
            search()
        out = StringIO()
        call_command("find_duplicates", processes=1, stdout=out)
        assert out.getvalue() == "Nothing done: another search is running.\n"
        other.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    assert listed() == []
    search()
    assert len(listed()) == 1


def test_killed_search_is_done_again(file, monkeypatch):
    for _ in range(4):
        file()
    monkeypatch.setattr(finder, "CHUNK", 2)
    real, calls = finder.list_pairs, []

    def dies_at_the_second(pairs, frequencies):
        calls.append(pairs)
        if len(calls) == 2:
            raise SystemExit
        return real(pairs, frequencies)

    monkeypatch.setattr(finder, "list_pairs", dies_at_the_second)
    with pytest.raises(SystemExit):
        search()
    assert len(listed()) == 2
    assert not DuplicateSearch.objects.exists()
    assert search().counts["new"] == 4
    assert len(listed()) == 6


def test_ssns_stay_encrypted_until_they_can_decide(file, monkeypatch):
    for number in range(4):
        file(
            f"{'ABCD'[number]}x",
            "Quillen",
            date(1950 + number * 9, 1 + number, 2),
            ssn=f"21945678{number}",
        )
    read = []
    monkeypatch.setattr("clients.duplicates.person.decrypt", read.append)
    search(whole=True)
    assert read == []


@pytest.mark.django_db(transaction=True)
def test_two_processes_find_what_one_finds(file):
    for number in range(6):
        file("Robert", f"Quillen{'abcdef'[number]}")
        file("Bob", f"Quillen{'abcdef'[number]}")
    search(whole=True)
    found = set(listed())
    assert len(found) >= 6
    PossibleDuplicate.objects.all().delete()
    outcome = find_duplicates(whole=True, processes=2)
    assert set(listed()) == found
    assert outcome.counts["new"] == len(found)


def _dsn() -> str:
    known = connection.settings_dict
    return psycopg.conninfo.make_conninfo(
        dbname=known["NAME"],
        user=known["USER"],
        password=known["PASSWORD"],
        host=known["HOST"],
        port=known["PORT"],
    )


def settings_now() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('work_mem'), current_setting('enable_mergejoin'),"
            " current_setting('enable_nestloop')"
        )
        return cursor.fetchone()


def test_rows_whose_key_nobody_shares_are_left_out_before_the_join(db):
    """Of a million clients nearly all keys are one client's: joined, they cost most of a search."""
    before = settings_now()
    with CaptureQueriesContext(connection) as captured, Pairs(None):
        assert settings_now() == ("128MB", "off", "off")
    assert settings_now() == before
    joins = [one["sql"] for one in captured if one["sql"].startswith("\nINSERT INTO duplicate_fo")]
    of_one_key = [one for one in joins if "JOIN duplicate_shared" in one]
    assert len(of_one_key) == len([block for block in BLOCKS if not block.other])
    assert len(joins) == len(BLOCKS) + 1  # and the pairs that are listed already


def test_search_of_the_changed_may_reach_single_rows(db, monkeypatch):
    """To make the rows of few; joined they are as all rows are."""
    make, found = Pairs._make_rows, []

    def made(pairs, **which):
        found.append(settings_now()[1:])
        make(pairs, **which)

    monkeypatch.setattr(Pairs, "_make_rows", made)
    with Pairs(timezone.now(), has_keys=True):
        assert settings_now()[1:] == ("off", "off")
    assert found == [("off", "on")] * 2


def test_rows_of_the_changed_are_made_once(file, monkeypatch):
    """What is made for those near them is added."""
    since = timezone.now() + timedelta(hours=1)
    near, changed = file("Bob", address1="12 Main St"), file(address1="7 Elm Ave")
    touch([changed], since)
    brought()
    make, made = Pairs._make_rows, []

    def counted(pairs, **which):
        make(pairs, **which)
        made.append(pairs.cursor.rowcount)

    monkeypatch.setattr(Pairs, "_make_rows", counted)
    with Pairs(since, has_keys=True) as pairs:
        assert made == [1, 1]
        pairs.cursor.execute("SELECT id, is_new FROM duplicate_row WHERE street IS NOT NULL")
        assert set(pairs.cursor.fetchall()) == {(near.pk, False), (changed.pk, True)}
        assert pairs.count == 1


def test_changed_clients_are_compared_in_one_process(file, monkeypatch):
    """Another one costs more to begin than its share of the few."""
    file(), file()
    search()
    monkeypatch.setattr(finder, "ProcessPoolExecutor", None)
    assert not find_duplicates(processes=2).search.is_whole


def test_keys_of_changed_clients_stand_in_no_statement(file):
    """A server may write its statements into a log."""
    file(phone="617-555-0100", email="robert@example.org", address1="12 Main St", ssn=SSN)
    since = timezone.now() - timedelta(1)
    with CaptureQueriesContext(connection) as captured, Pairs(since, has_keys=True):
        pass
    assert [one["sql"] for one in captured if "duplicate_near AS" in one["sql"]]
    for known in ("6175550100", "robert", "12mainst", "quillen", "1980-03-04"):
        assert not [one["sql"] for one in captured if known in one["sql"].lower()]


@pytest.fixture
def made_up(dana) -> list[Client]:
    """400 people of households and shelters, one in three on file twice."""
    records = list(Population(seed=3, twice=0.3).records(400))
    of_all = {"created_by": dana, "updated_by": dana, "organization": OrganizationFactory()}
    same = [
        *("first_name", "last_name", "middle_name", "name_suffix", "dob", "sex", "ssn"),
        *("phone", "email", "address1", "address2", "city", "zip"),
    ]
    clients = Client.objects.bulk_create(
        Client(
            **{name: getattr(one, name) for name in same},
            **of_all,
            name_data_quality=1 if one.first_name + one.last_name else 99,
            dob_data_quality=(2 if at % 7 == 0 else 1) if one.dob else 99,
            ssn_data_quality=(2 if one.ssn.startswith("x") else 1) if one.ssn else 99,
        )
        for at, one in enumerate(records)
    )
    ClientAlias.objects.bulk_create(
        ClientAlias(client=client, first_name=one.alias_first, last_name=one.alias_last)
        for client, one in zip(clients, records, strict=True)
        if one.alias_first or one.alias_last
    )
    return clients


def brought(since=None, part=0, parts=1) -> set[tuple[int, int]]:
    with Pairs(since, part, parts, has_keys=True) as pairs:
        return {pair for chunk in pairs.chunks(5000) for pair in chunk}


@pytest.mark.parametrize("most", [blocking.MOST_CHANGED, 1])
def test_changed_clients_meet_whom_they_meet_among_all(made_up, dana, monkeypatch, most):
    """By each of some keys at a time, also where too many share one or too many were changed."""
    monkeypatch.setattr(blocking, "LARGEST_BLOCK", 4)
    monkeypatch.setattr(blocking, "MOST_CHANGED", most)
    later, parts, met = timezone.now() + timedelta(hours=1), 10, 0
    brought()  # which leaves everybody's keys
    gone = [client.pk for client in made_up[4::20]]
    Client.objects.filter(pk__in=gone[::2]).update(date_deleted=later, deleted_by=dana)
    Client.objects.filter(pk__in=gone[1::2]).update(merged_into=made_up[0])
    for one, other in zip(made_up[::9], made_up[1::9], strict=False):
        Client.objects.filter(pk=one.pk).update(address1=other.address1, phone=other.phone)
    changed = {client.pk for client in made_up[::9]}
    touch(made_up[::9] + made_up[4::20], later)
    for part in range(parts):
        of_changed = brought(later, part, parts)
        of_all = brought(None, part, parts)
        expected = {pair for pair in of_all if changed.intersection(pair)}
        assert of_changed == expected
        assert len(of_all) > len(expected)
        assert not {pk for pair in of_all for pk in pair}.intersection(gone)
        met += len(expected)
    assert met > 100


def test_client_is_changed_when_that_was_written_whatever_date_it_carries(file):
    """An import keeps the dates of the system that it comes from."""
    one, two = file(), file("Bob")
    since = timezone.now() + timedelta(hours=1)
    Client.objects.filter(pk=two.pk).update(date_updated=since - timedelta(days=30))
    brought()
    touch([two], since)
    assert brought(since) == {(one.pk, two.pk)}


@pytest.mark.parametrize("since", [False, True])
@pytest.mark.parametrize(
    ("key", "one", "two"),
    [
        ("phone", {"phone": "(617) 555-0100"}, {"phone": "617/555.0100x12"}),
        ("email", {"email": "q@example.org"}, {"email": "Q@example.org"}),
        ("street", {"address1": "12 Main St."}, {"address1": "12 MAIN-ST"}),
        ("road", {"address1": "12 Main St."}, {"address1": "  7 Main St"}),
        ("number", {"address1": "12 Main St."}, {"address1": " 12b Elm Ave"}),
        ("turned", {"dob": date(1980, 3, 4)}, {"dob": date(1980, 4, 3)}),
    ],
)
def test_keys_are_the_same_however_they_are_written(file, monkeypatch, since, key, one, two):
    by_key = [block for block in BLOCKS if key in f"{block.columns} {block.other}".split()]
    monkeypatch.setattr(blocking, "BLOCKS", tuple(by_key))
    pair = [file(**{"dob": None} | keys) for keys in (one, two)]
    other = file(dob=None, phone="617-555-0101", email="other@example.org", address1="1 Oak St")
    later = timezone.now() + timedelta(hours=1)
    brought()
    touch([pair[1], other], later)
    assert brought(later if since else None) == {(pair[0].pk, pair[1].pk)}


@pytest.mark.parametrize("changed", [0, 1])
@pytest.mark.parametrize(("largest", "met"), [(2, 0), (3, 3)])
def test_key_in_other_columns_counts_as_among_all(file, monkeypatch, changed, largest, met):
    """Too many have it for a name on one side, whichever side was changed."""
    of_road = next(block for block in BLOCKS if block.other == "road last_sound")
    monkeypatch.setattr(blocking, "BLOCKS", (of_road,))
    clients = [file("Quillen", "Abara", None, address1="12 Main St")]
    clients += [
        file(name, "Quillen", None, address1=f"{at} Main St")
        for at, name in enumerate(("Ida", "Uma", "Ola"))
    ]
    monkeypatch.setattr(blocking, "LARGEST_BLOCK", largest)
    later = timezone.now() + timedelta(hours=1)
    touch([clients[changed]], later)
    of_all = brought(None)
    assert len(of_all) == met
    assert brought(later) == {pair for pair in of_all if clients[changed].pk in pair}


def test_changed_clients_are_listed_as_among_all(made_up, time_machine):
    search(whole=True)
    scores = PossibleDuplicate.objects.values_list("client_1", "client_2", "score")
    of_all = set(scores)
    later = timezone.now() + timedelta(days=1)
    changed = {client.pk for client in made_up[::9]}
    touch(made_up[::9], later)
    PossibleDuplicate.objects.all().delete()
    DuplicateSearch.objects.update(started_at=later, finished_at=later)
    time_machine.move_to(later)
    assert search().search.clients == len(changed)
    assert len(of_all) > len(scores.all()) > 0
    assert set(scores.all()) == {row for row in of_all if changed.intersection(row[:2])}


def test_who_shares_no_key_with_a_changed_client_is_left_out_before_the_joins(file):
    """Of a million clients they are nearly all."""
    file(last="Abara", dob=date(1950, 8, 9))
    since = timezone.now() + timedelta(hours=1)
    old = file("Bob")
    changed = file()
    touch([changed], since)
    with Pairs(None):
        pass
    with Pairs(since, has_keys=True) as pairs:
        pairs.cursor.execute("SELECT id FROM duplicate_row ORDER BY id")
        assert pairs.cursor.fetchall() == [(old.pk,), (changed.pk,)]
        assert pairs.count == 1
