"""A signed paper: stored before anything is locked, in the files of everybody who is named."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from agencies.models import UseCount
from agencies.use_limits import UseLimit
from clients.models import Release
from consent import actions
from consent.forms import ALONE
from files import store
from files.models import ClientFile, StoredFile
from files.store import StoreError
from tests.factories import ClientFactory
from tests.files.samples import jpeg
from tests.pages import errors, filled, messages, opened, send


@pytest.fixture
def page(john):
    return reverse("consent:add_paper", args=[john.pk])


def paper(content=None):
    return SimpleUploadedFile("John Smith release.jpg", jpeg() if content is None else content)


def test_everybody_who_is_named_gets_a_copy(portal, alice, harbor, page, john, jimmy, jane):
    answer = send(portal(alice), page, follow=True, file=paper(), members=[john.pk, jimmy.pk])
    assert messages(answer) == ["Releases of 2 members saved."]
    rows = ClientFile.objects.select_related("release").order_by("client")
    assert [row.client for row in rows] == [john, jimmy]
    assert len({row.stored_id for row in rows}) == 2
    for row in rows:
        assert (row.release.client, row.release.kind) == (row.client, Release.Kind.UPLOADED)
        assert (row.category, row.organization, row.created_by) == ("consent", harbor, alice)
        assert row.expires_on == row.release.ends_on
        assert row.document_name == "Release of Information 03-02-2026"
        assert store.has(row.stored.key)
    assert not jane.clientfiles.exists()


def test_page_speaks_of_ticks_where_there_are_any(portal, alice, harbor, page, john, jimmy):
    alone = ClientFactory(organization=harbor, created_by=alice)
    hint = "Tick only those whom the paper names."
    assert hint in portal(alice).get(page).text
    assert hint not in portal(alice).get(reverse("consent:add_paper", args=[alone.pk])).text


def test_each_copy_counts_among_the_uploads(portal, alice, page, john, jimmy, settings):
    settings.USE_LIMITS = {"uploads": UseLimit.parse("hour 50 90")}
    send(portal(alice), page, file=paper(), members=[john.pk, jimmy.pk])
    assert UseCount.objects.get(user=alice, kind="uploads").count == 2


def test_restricted_member_is_on_a_paper_alone(portal, alice, page, john, jimmy):
    """Each of those who are named gets the whole paper."""
    type(jimmy).objects.filter(pk=jimmy.pk).update(visibility="own")
    typed = {"file": paper(), "members": [john.pk, jimmy.pk]}
    named = ALONE.format("Jimmy Smith")
    assert errors(send(portal(alice), page, **typed)) == {"members": [named]}
    assert not ClientFile.objects.exists()


def test_release_leads_to_its_paper(portal, alice, page, john):
    send(portal(alice), page, file=paper())
    file = ClientFile.objects.get()
    shown = portal(alice).get(reverse("consent:release", args=[john.pk, file.release_id])).text
    assert f'href="{file.get_absolute_url()}"' in shown


@pytest.mark.parametrize("content", [b"", jpeg()[:200], b"MZ\x90\x00"])
def test_wrong_file_is_refused_and_nothing_is_recorded(portal, alice, page, content):
    assert set(errors(send(portal(alice), page, file=paper(content)))) == {"file"}
    assert not Release.objects.exists()
    assert not StoredFile.objects.exists()


def test_paper_is_asked_for(portal, alice, page):
    assert errors(send(portal(alice), page)) == {"file": ["Choose a file."]}


def test_store_that_is_down_saves_nothing_and_keeps_what_was_typed(
    portal, alice, page, monkeypatch
):
    def fails(*args, **options):
        raise StoreError

    monkeypatch.setattr(store, "put", fails)
    answer = send(portal(alice), page, file=paper(), ends_on="03/01/2027")
    assert set(errors(answer)) == {"file"}
    assert opened(answer)["ends_on"].value() == "03/01/2027"
    assert not Release.objects.exists()


def test_refusal_of_the_action_takes_every_copy_back(portal, alice, page, john, jimmy, monkeypatch):
    def refuses(**options):
        raise ValidationError("Look again.")

    discarded = []
    monkeypatch.setattr(actions, "record_release", refuses)
    monkeypatch.setattr(store, "discard", lambda *keys: discarded.append(keys))
    answer = send(portal(alice), page, file=paper(), members=[john.pk, jimmy.pk])
    assert errors(answer) == {"__all__": ["Look again."]}
    assert len(discarded) == 2
    assert not StoredFile.objects.exists()


def test_nothing_is_locked_while_a_paper_is_stored(portal, alice, page, monkeypatch):
    put, depths = store.put, []

    def watched(*args, **options):
        depths.append(len(connection.savepoint_ids))
        return put(*args, **options)

    monkeypatch.setattr(store, "put", watched)
    browser = portal(alice)
    data = filled(opened(browser.get(page)))
    before = len(connection.savepoint_ids)
    browser.post(page, data | {"file": paper()})
    assert depths
    assert set(depths) == {before}


def test_same_form_sent_twice_records_once(portal, alice, page):
    browser = portal(alice)
    data = filled(opened(browser.get(page)))
    answers = [browser.post(page, data | {"file": paper()}) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {302}
    assert (Release.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_file_of_a_release_is_edited_and_deleted_by_nobody(portal, alice, page, john):
    send(portal(alice), page, file=paper())
    file = ClientFile.objects.get()
    with pytest.raises(Exception, match="never changed or deleted"):
        file.mark_deleted(by=alice)
