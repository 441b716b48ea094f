"""A merge keeps everything, and undo brings both records back byte for byte.

The relations are found by walking them: a new one fails here until it is handled.
"""

import pghistory.models
import pytest

from cas.choices import Kind
from cas.models import Notification
from clients.merge.policies import Moves, NamesTwoClients, Stays
from clients.merge.relations import foreign_keys, policy_of, relations
from clients.models import Client, ClientMerge
from tests.clients.merge.rows import MAKERS, dump
from tests.factories import ClientFactory

EVERY = [field for field in foreign_keys() if not issubclass(field.model, pghistory.models.Event)]
EVENTS = [field for field in foreign_keys() if issubclass(field.model, pghistory.models.Event)]


def key(field):
    return field.model._meta.label_lower, field.name


def came_back(before):
    """All rows as they were; a notification of a release that was held back stays, resolved."""
    new = Notification.objects.filter(kind=Kind.RELEASE_REVOKED, resolved_at__isnull=False)
    new.exclude(
        pk__in=[int(row.split(b"\t")[0]) for row in before[Notification].splitlines()]
    ).delete()
    for model, rows in before.items():
        assert dump(model) == rows, model


def refreshed(row):
    return type(row)._base_manager.get(pk=row.pk)


def test_walk_finds_relations_of_every_floor():
    packages = {label.split(".")[0] for label, _ in map(key, EVERY)}
    assert packages >= {"clients", "enrollments", "casenotes", "files", "tasks", "cas"}
    assert EVENTS


def test_every_relation_has_a_policy_and_a_row_here():
    assert {key(field) for field in EVERY} == MAKERS.keys()
    for field in foreign_keys():
        assert isinstance(policy_of(field), Stays | Moves | NamesTwoClients), field


def test_every_table_whose_rows_move_lets_new_rows_follow():
    """But for names and tombstones, which are written while the client is locked."""
    for relation in relations():
        if isinstance(relation.policy, Moves) and relation.model._meta.app_label != "clients":
            names = [one.name for one in getattr(relation.model._meta, "triggers", [])]
            assert "follows_merge" in names, relation.model


def assert_all_survived(field, survivor, gone, of_survivor, of_gone):
    """Of both sides' rows of a relation after the merge."""
    names = [name for name in ("client_1", "client_2", field.name) if hasattr(of_gone, name)]
    assert survivor in [getattr(refreshed(of_survivor), name) for name in names], field
    now = gone if isinstance(policy_of(field), Stays) else survivor
    assert now in [getattr(refreshed(of_gone), name) for name in names], field


@pytest.mark.parametrize("package", sorted({field.model._meta.app_label for field in EVERY}))
def test_rows_on_both_sides_survive_and_come_back(package, merged, undone, john, jon):
    """All relations of one package, without those of the others."""
    fields = [field for field in EVERY if field.model._meta.app_label == package]
    rows = {field: (MAKERS[key(field)](john), MAKERS[key(field)](jon)) for field in fields}
    before = {model: dump(model) for model in {one.model for one in EVERY} - {ClientMerge}}
    merge = merged(john, jon)
    assert refreshed(jon).merged_into == john
    for field, (of_survivor, of_gone) in rows.items():
        assert_all_survived(field, john, jon, of_survivor, of_gone)
    undone(merge)
    for field, (_, of_gone) in rows.items():
        assert getattr(refreshed(of_gone), field.name) == jon, field
    came_back(before)


def test_rows_of_every_relation_survive_and_come_back_where_the_newer_record_stays(
    merged, undone, john, jon
):
    rows = {field: (MAKERS[key(field)](jon), MAKERS[key(field)](john)) for field in EVERY}
    before = {model: dump(model) for model in {one.model for one in EVERY} - {ClientMerge}}
    merge = merged(jon, john)
    assert refreshed(john).merged_into == jon
    for field, (of_survivor, of_gone) in rows.items():
        assert_all_survived(field, jon, john, of_survivor, of_gone)
    undone(merge)
    for field, (_, of_gone) in rows.items():
        assert getattr(refreshed(of_gone), field.name) == john, field
    came_back(before)


def test_everything_at_once_comes_back(merged, undone, john, jon):
    for make in MAKERS.values():
        make(john)
        make(jon)
    models = {one.model for one in EVERY} - {ClientMerge}
    before = {model: dump(model) for model in models}
    merge = merged(john, jon, values={"name": jon.pk, "ssn": jon.pk, "sex": jon.pk})
    changed = {model for model in models if dump(model) != before[model]}
    assert len(changed) > 15
    counts = {model: model._base_manager.count() for model in models}
    undone(merge)
    came_back(before)
    for model, count in counts.items():
        assert model._base_manager.count() <= count
    assert ClientMerge.objects.in_force().count() == 0


def test_history_of_both_is_never_rewritten(merged, undone, john, jon):
    for make in MAKERS.values():
        make(john)
        make(jon)
    events = {field.model for field in EVENTS}
    before = {
        model: set(model._base_manager.order_by("pgh_id").values_list("pgh_id", "pgh_created_at"))
        for model in events
    }
    undone(merged(john, jon))
    for model, rows in before.items():
        now = set(model._base_manager.values_list("pgh_id", "pgh_created_at"))
        assert rows <= now, model


def test_relation_of_which_nothing_is_said_stops_every_merge(monkeypatch, merged, john, jon):
    from django.core.exceptions import ImproperlyConfigured

    from files.models import ClientPhoto

    relations.cache_clear()
    monkeypatch.setattr("clients.merge.relations.ClientRecord", ClientMerge)
    monkeypatch.delattr(ClientPhoto, "on_merge")
    with pytest.raises(ImproperlyConfigured, match="on_merge"):
        merged(john, jon)
    relations.cache_clear()
    assert Client.objects.get(pk=jon.pk).merged_into is None


def test_client_between_two_others_is_found_in_one_step(merged, john, jon, harbor):
    first = ClientFactory(organization=harbor)
    merged(jon, first)
    merged(john, jon)
    first.refresh_from_db()
    assert first.merged_into == john
    assert Client.objects.all().numbered(first.pk).get() == john
