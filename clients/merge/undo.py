"""Takes a merge apart: both records as they were, and what was written since where it belongs."""

from contextlib import nullcontext, suppress
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.db.models import F, ForeignKey
from django.utils import timezone

from agencies.models import User
from clients.merge.execute import (
    Refused,
    derive,
    lock,
    may_merge,
    not_in_the_way,
    notify_of_releases,
)
from clients.merge.policies import Relation
from clients.merge.preview import FACTS
from clients.merge.relations import moving, seen_ids
from clients.merge.steps import Step, as_key, keeping_marks, raw_rows, table
from clients.models import Client, ClientAlias, ClientMerge
from records.constraints import constraint_messages


def undo(*, merge_id: int, by: User) -> list[str]:
    """Bring both records back as they were.

    What was changed since the merge stays changed, on the record that it belongs to. What was
    written since stays with the client who stayed, but for what hangs on a row that goes back:
    the answers, services and assignments of an enrollment.

    Returns: sentences on what was changed after the merge and was left as it is.

    Raises:
        Refused: where a later merge or the database stands against it. Nothing is written then.
        PermissionDenied: for a user who may not take these two apart.
    """
    with not_in_the_way():
        pair = ClientMerge.objects.values_list("survivor", "merged").get(pk=merge_id)
        clients = lock(*pair)
        merge = ClientMerge.objects.select_for_update().get(pk=merge_id)
        if not may_merge(by, *clients.values()):
            raise PermissionDenied
        if refusal := why_not(merge):
            raise Refused(refusal)
        try:
            with constraint_messages():
                return _take_apart(merge, by)
        except ValidationError as error:
            raise Refused(
                "The merge cannot be undone as the records are now.", *error.messages
            ) from error


def why_not(merge: ClientMerge) -> str:
    """What has to be undone before; empty where nothing is in the way."""
    if not merge.is_in_force:
        return f"This merge was undone already, on {merge.undone_on:%m/%d/%Y}."
    if Client.with_deleted.filter(pk=merge.survivor_id, erased_at__isnull=False).exists():
        return "The client was erased, so the merge cannot be undone."
    later = ClientMerge.objects.in_force().filter(pk__gt=merge.pk)
    last = later.naming(merge.survivor_id, merge.merged_id).order_by("-pk").first()
    if last is None:
        return ""
    return (
        f"Client ID {last.merged_id} was merged into Client ID {last.survivor_id} after this, on "
        f"{timezone.localtime(last.at):%m/%d/%Y}. Undo that merge first."
    )


def _take_apart(merge: ClientMerge, by: User) -> list[str]:
    notes = []
    steps = [Step.from_json(one) for one in merge.part("steps")]
    for step in reversed([one for one in steps if not one.may_stay]):
        with keeping_marks() if step.model is Client else nullcontext():
            left = set(step.ids) - set(map(as_key, step.undo()))
        if left:
            notes += _left(step, left, by)
    # The aliases that the merge added are taken back, if nobody changed them since.
    created = {one["id"]: one["row"] for one in merge.part("created")}
    now = raw_rows(ClientAlias, created)
    same = [pk for pk, row in now.items() if row == created[pk]]
    ClientAlias.objects.filter(pk__in=same).delete()
    _follow(merge)
    for step in reversed([one for one in steps if one.may_stay]):
        # What does not fit any more was changed since by those who may see it, and is for them.
        with suppress(ValidationError), constraint_messages():
            step.undo()
    for client_id in (merge.survivor_id, merge.merged_id):
        derive(client_id)
    merge.mark_undone(by=by)
    notify_of_releases(merge, by)
    return notes


def _left(step: Step, left: set[Any], by: User) -> list[str]:
    """Say what was left as somebody changed it after the merge, as far as the user sees it."""
    if step.model is not Client:
        count = len(seen_ids([(step.model, list(left))], by).get(step.model, ()))
        name = step.model._meta.verbose_name_plural
        verbs = ("was", "stays") if count == 1 else ("were", "stay")
        note = "{} of the {} {} changed or deleted since, and {} so.".format(count, name, *verbs)
        return [note] if count else []
    if "version" in step.after:
        # Whoever has the record open now must not save over what comes back.
        Client.with_deleted.filter(pk__in=step.ids).update(
            version=F("version") + 1, date_updated=timezone.now(), updated_by=by
        )
        return []
    if "breaks" in step.after:
        return []
    label = next(one.label for one in FACTS if set(one.columns) <= set(step.after))
    return [f"{label} of Client ID {step.ids[0]} was changed after the merge and stays as it is."]


def _follow(merge: ClientMerge) -> None:
    """Rows written since go with the row that they hang on, where that one went back."""
    went_back = {relation.model for relation in moving()}
    while sum(
        _follow_along(relation, key, merge)
        for relation in moving()
        for key in _hangs_on(relation, went_back)
    ):
        pass


def _hangs_on(relation: Relation, models: set[type]) -> list[ForeignKey]:
    """The keys to rows about the same client: those that a row cannot be without, else any."""
    keys = [
        one
        for one in relation.model._meta.concrete_fields
        if isinstance(one, ForeignKey)
        and one.related_model in models - {Client}
        and one.name not in relation.fields
    ]
    return [one for one in keys if not one.null] or keys


def _follow_along(relation: Relation, key: ForeignKey, merge: ClientMerge) -> int:
    (column,) = relation.columns
    (above,) = (one.columns[0] for one in moving() if one.model is key.related_model)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table(relation.model)} AS rows SET {quote(column)} = %(gone)s"  # noqa: S608
            f" FROM {table(key.related_model)} AS above"
            f" WHERE rows.{quote(key.column)} = above.id AND above.{quote(above)} = %(gone)s"
            f" AND rows.{quote(column)} = %(survivor)s",
            {"gone": merge.merged_id, "survivor": merge.survivor_id},
        )
        return cursor.rowcount
