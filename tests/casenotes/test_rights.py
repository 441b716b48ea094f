"""Who may do what with a note: the table of 6.3, 6.5 and 6.6, cell by cell."""

from datetime import timedelta
from itertools import product

import pytest
from django.urls import reverse
from django.utils import timezone

from casenotes.models import CaseNote
from records.models import Visibility

# Rows: who. Columns: Read Only?, shared? Cells: read, edit (and delete), print, untick, restore.
OPEN, LOCKED = False, True
OWN, SHARED = False, True
READS, EDITS, PRINTS, UNTICKS = "r", "e", "p", "u"
TABLE = {
    ("author", OPEN, OWN): "re",
    ("author", OPEN, SHARED): "re",
    ("author", LOCKED, OWN): "rpu",
    ("author", LOCKED, SHARED): "rpu",
    ("colleague", OPEN, OWN): "re",
    ("colleague", OPEN, SHARED): "re",
    ("colleague", LOCKED, OWN): "rp",
    ("colleague", LOCKED, SHARED): "rp",
    ("other agency", OPEN, OWN): "",
    ("other agency", OPEN, SHARED): "r",
    ("other agency", LOCKED, OWN): "",
    ("other agency", LOCKED, SHARED): "rp",
    ("DQO", OPEN, OWN): "re",
    ("DQO", OPEN, SHARED): "re",
    ("DQO", LOCKED, OWN): "rpu",
    ("DQO", LOCKED, SHARED): "rpu",
    ("other agency's DQO", OPEN, OWN): "",
    ("other agency's DQO", OPEN, SHARED): "r",
    ("other agency's DQO", LOCKED, OWN): "",
    ("other agency's DQO", LOCKED, SHARED): "rp",
}
WHO = ("author", "colleague", "other agency", "DQO", "other agency's DQO")
MAY_RESTORE = {"DQO"}
ALL_CELLS = list(product(WHO, (OPEN, LOCKED), (OWN, SHARED)))
ALL_SHARED = list(product(WHO, (OWN, SHARED)))


@pytest.fixture
def people(alice, bob, charlie, dana, cass):
    return dict(zip(WHO, (alice, bob, charlie, dana, cass), strict=True))


@pytest.fixture
def cell(note):
    def set_to(*, read_only, shared):
        note.read_only = read_only
        note.visibility = Visibility.ALL_ORGANIZATIONS if shared else Visibility.OWN_ORGANIZATION
        note.save()
        return note

    return set_to


def address(name, note):
    return reverse(f"casenotes:{name}", args=[note.client_id, note.pk])


@pytest.mark.parametrize(("who", "read_only", "shared"), ALL_CELLS)
def test_rights_by_rule(people, cell, who, read_only, shared):
    note, user = cell(read_only=read_only, shared=shared), people[who]
    may = TABLE[who, read_only, shared]
    rules = {
        READS: note.is_readable_by(user),
        EDITS: note.may_be_edited_by(user),
        PRINTS: note.may_be_printed_by(user),
        UNTICKS: note.may_be_unticked_by(user),
    }
    assert {right for right, has in rules.items() if has} == set(may)
    assert not note.may_be_restored_by(user)


@pytest.mark.parametrize(("who", "read_only", "shared"), ALL_CELLS)
def test_querysets_say_the_same_as_the_rules(people, cell, who, read_only, shared):
    note, user = cell(read_only=read_only, shared=shared), people[who]
    may, notes = TABLE[who, read_only, shared], CaseNote.objects.all()
    assert notes.visible_to(user).exists() == (READS in may)
    assert notes.editable_by(user).exists() == (EDITS in may)
    assert notes.printable_by(user).exists() == (PRINTS in may)
    assert not CaseNote.with_deleted.restorable_by(user).exists()
    assert note.rights_of(user)["edit"] == (EDITS in may)


@pytest.mark.parametrize(("who", "read_only", "shared"), ALL_CELLS)
def test_pages_do_the_same_as_the_rules(portal, people, cell, who, read_only, shared):
    note, browser = cell(read_only=read_only, shared=shared), portal(people[who])
    may = TABLE[who, read_only, shared]

    def expected(right):
        return 200 if right else (403 if READS in may else 404)

    assert browser.get(address("note", note)).status_code == expected(READS in may)
    for name in ("print", "pdf"):
        assert browser.get(address(name, note)).status_code == expected(PRINTS in may), name
    for name in ("edit", "change"):
        right = EDITS in may or UNTICKS in may
        assert browser.get(address(name, note)).status_code == expected(right), name
    listed = browser.get(reverse("casenotes:notes", args=[note.client_id])).context["page"].rows
    assert [one.pk for one in listed] == ([note.pk] if READS in may else [])


@pytest.mark.parametrize(("who", "read_only", "shared"), ALL_CELLS)
def test_deleting_by_post(portal, people, cell, who, read_only, shared):
    note = cell(read_only=read_only, shared=shared)
    portal(people[who]).post(address("change", note), {"action": "delete"})
    note.refresh_from_db()
    assert bool(note.date_deleted) == (EDITS in TABLE[who, read_only, shared])


@pytest.mark.parametrize(("who", "shared"), ALL_SHARED)
def test_unticking_by_post(portal, people, cell, who, shared):
    note, browser = cell(read_only=True, shared=shared), portal(people[who])
    token = str(people[who].organizations[0].pk)
    browser.post(address("edit", note), {"organization": token})
    note.refresh_from_db()
    assert note.read_only == (UNTICKS not in TABLE[who, LOCKED, shared])


@pytest.mark.parametrize(("who", "shared"), ALL_SHARED)
def test_restoring_by_post(portal, people, cell, alice, who, shared):
    note = cell(read_only=False, shared=shared)
    note.mark_deleted(by=alice, at=timezone.now() - timedelta(hours=2))
    user = people[who]
    assert note.may_be_restored_by(user) == (who in MAY_RESTORE)
    assert CaseNote.with_deleted.restorable_by(user).exists() == (who in MAY_RESTORE)
    answer = portal(user).post(address("restore", note))
    sees = who in ("author", "colleague", "DQO") or shared
    expected = 302 if who in MAY_RESTORE else 403 if sees else 404
    assert answer.status_code == expected
    note.refresh_from_db()
    assert (note.date_deleted is None) == (who in MAY_RESTORE)


def test_deleted_note_can_be_neither_read_nor_changed(portal, note, alice):
    note.mark_deleted(by=alice)
    assert not note.is_readable_by(alice)
    for name in ("note", "edit", "change", "print"):
        assert portal(alice).get(address(name, note)).status_code == 404, name


@pytest.mark.parametrize("who", ["author", "colleague", "DQO"])
def test_only_the_author_shares_and_a_dqo_may_take_it_back(people, cell, who):
    assert cell(read_only=False, shared=False).may_be_shared_by(people[who]) == (who == "author")
    assert cell(read_only=False, shared=True).may_be_shared_by(people[who]) == (who != "colleague")


def test_author_who_left_the_organization_has_no_rights(note, alice):
    alice.memberships.all().delete()
    user = type(alice).objects.get(pk=alice.pk)
    assert not note.is_readable_by(user)
    assert not note.may_be_edited_by(user)
    assert not note.may_be_shared_by(user)


def test_history_records_who_unticked(portal, cell, dana):
    note = cell(read_only=True, shared=False)
    portal(dana).post(address("edit", note), {"organization": str(note.organization_id)})
    event = CaseNote.pgh_event_models["update"].objects.latest("pgh_id")
    assert event.read_only is False
    assert event.updated_by == dana
    assert event.pgh_context["user"] == dana.pk
