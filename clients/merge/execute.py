"""Two clients become one, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from agencies.models import User
from clients.merge.policies import MergeAction, Pair
from clients.merge.preview import FACTS, Choices, Preview, former_names
from clients.merge.relations import moving_keys, relations
from clients.merge.steps import Columns, Step, keeping_marks, plain, raw_rows
from clients.models import Client, ClientAlias, ClientMerge, Release
from clients.release_listeners import releases_written
from records.breaks import marks
from records.constraints import constraint_messages

# Far from any version that undo brings back: a form that was opened meanwhile never fits one.
VERSIONS_APART = 1000
# PostgreSQL looks for deadlocks after a second, and would end whichever it finds first.
GIVES_WAY_AFTER = "900ms"
BUSY = (
    "Somebody else is changing one of these records right now. Nothing was changed. Try again in "
    "a moment."
)
CHANGED = (
    "These records have changed since you opened this page. Review the changes and press Merge "
    "again."
)
LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"


class Refused(Exception):  # noqa: N818 - a refusal is no failure of the program
    """It cannot be done as things are; `texts` say why, and what to do."""

    def __init__(self, *texts: str):
        super().__init__(*texts)
        self.texts = list(texts)


def merge(*, survivor: int, gone: int, choices: Choices, by: User) -> ClientMerge:
    """Merge the client `gone` into the client `survivor`, by their IDs.

    Raises:
        Refused: when anything changed since the preview, or the database or who may see them
            stands against it. Nothing is written then.
        PermissionDenied: for a user who may not merge these two.
    """
    with not_in_the_way():
        clients = lock(survivor, gone)
        if len(clients) < 2 or any(one.merged_into_id for one in clients.values()):
            raise Refused(
                "One of the two has been merged or deleted in the meantime. Review the records "
                "again."
            )
        pair = Pair(clients[survivor], clients[gone])
        if not may_merge(by, *pair):
            raise PermissionDenied
        preview = Preview(pair, by)
        if issues := _issues(preview, choices):
            raise Refused(*issues)
        try:
            with constraint_messages():
                return _write(preview, choices, by)
        except ValidationError as error:
            raise Refused(*error.messages) from error


def may_merge(user: User, *clients: Client) -> bool:
    """The officer of the organizations that filed both, or an administrator."""
    return all(client.organization_id in user.dqo_organizations for client in clients)


def may_compare(user: User, *clients: Client) -> bool:
    """An officer of either organization sees in the workspace what a merge would do."""
    return any(client.organization_id in user.dqo_organizations for client in clients)


def who_merges(*clients: Client) -> str:
    """The sentence that says who merges these two."""
    organizations = list(dict.fromkeys(str(client.organization) for client in clients))
    if len(organizations) == 1:
        return f"A Data Quality Officer of {organizations[0]} or an administrator merges them."
    return (
        f"They were filed by {' and '.join(organizations)}: an administrator merges them, or an "
        "officer of both."
    )


@contextmanager
def not_in_the_way() -> Iterator[None]:
    """Run in a transaction that soon gives way (Refused) to whoever writes the records."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [GIVES_WAY_AFTER])
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") in (LOCK_NOT_AVAILABLE, DEADLOCK):
            raise Refused(BUSY) from error
        raise


def lock(*client_ids: int) -> dict[int, Client]:
    """The clients by ID, locked in the order of their IDs.

    Whoever files something about one of them waits: the row's foreign key needs the client, and
    follows the merge then (`clients.models.follows_merge`).
    """
    rows = Client.objects.select_related("organization").order_by("pk")
    return {one.pk: one for one in rows.select_for_update(of=("self",)).filter(pk__in=client_ids)}


def _issues(preview: Preview, choices: Choices) -> list[str]:
    if preview.digest != choices.seen:
        return [CHANGED]
    ids = preview.pair.ids
    unanswered = [one for one in preview.conflicts if choices.kept.get(one.key) not in ids]
    return [preview.refusal] if preview.refusal else [one.question for one in unanswered]


def _write(preview: Preview, choices: Choices, by: User) -> ClientMerge:
    pair = preview.pair
    values = preview.offered | choices.values
    of_gone = moving_keys(pair.gone.pk)
    action = MergeAction(pair, by, timezone.now(), choices.kept, of_gone)
    rows = raw_rows(Client, pair.ids)
    steps = []
    for relation in relations():
        for step in relation.policy.steps(relation, action):
            _do(step)
            steps.append(step)
    steps += _write_clients(action, rows, values)
    derive(pair.survivor.pk)
    name = values.get("name", pair.survivor.pk)
    merge = ClientMerge.objects.create(
        survivor=pair.survivor,
        merged=pair.gone,
        by=by,
        at=action.at,
        snapshot={
            "rows": {str(pk): row for pk, row in rows.items()},
            "steps": [step.as_json() for step in steps],
            "created": _keep_former_names(pair, kept=name),
            "values": {key: values[key] for key in preview.offered},
            "kept": action.kept,
        },
    )
    notify_of_releases(merge, by)
    return merge


def notify_of_releases(merge: ClientMerge, by: User) -> None:
    """Notify users of releases that the merge held back, or that count again without it."""
    steps = [one for one in merge.part("steps") if "undecided" in one["after"]]
    ids = [pk for step in steps for pk in step["ids"]]
    releases_written(releases=Release.objects.filter(pk__in=ids) if ids else [], by=by)


def _do(step: Step) -> None:
    if len(step.do()) != len(step.ids):
        raise Refused("Somebody else changed a record in the meantime. Review the records again.")


def _write_clients(
    action: MergeAction, rows: dict[int, Columns], values: dict[str, int]
) -> list[Step]:
    """One statement a client, so that history has one event of each.

    Returns: the steps, of the client who stays in the groups that undo restores or leaves alone.
    """
    pair = action.pair
    before, gone = rows[pair.survivor.pk], rows[pair.gone.pk]
    groups: list[Columns] = [
        {name: gone[name] for name in fact.columns}
        for fact in FACTS
        if values.get(fact.key) == pair.gone.pk
    ]
    taken = {name for columns in groups for name in columns}
    stamp = {"date_updated": plain(action.at), "updated_by_id": action.by.pk}
    groups.append(stamp | {"version": max(before["version"], gone["version"]) + VERSIONS_APART})
    into = {"merged_into_id": pair.survivor.pk}
    away = Step(Client, [pair.gone.pk], {"merged_into_id": None}, into)
    steps = [
        Step(Client, [pair.survivor.pk], {name: before[name] for name in columns}, columns)
        for columns in groups
    ]
    # What an imported value breaks, it breaks where it goes. Undo, which begins at the end, writes
    # one group after the other and needs the marks of both states in between.
    broken = _marks(before, taken, stay=True) + _marks(gone, taken, stay=False)
    both = list(dict.fromkeys([*before["breaks"], *broken]))
    ends = [(before["breaks"], both), (both, broken)]
    first, last = (
        Step(Client, [pair.survivor.pk], {"breaks": old}, {"breaks": new}) for old, new in ends
    )
    steps = [first, *steps, last]
    after = {name: value for columns in groups for name, value in columns.items()}
    after["breaks"] = broken
    with keeping_marks():
        _do(Step(Client, [pair.survivor.pk], {name: before[name] for name in after}, after))
    _do(away)
    return [*steps, away]


def _marks(row: Columns, taken: set[str], *, stay: bool) -> list[str]:
    """The marks of a client whose columns are all taken from it, or all stay where they are."""
    rules = marks(Client)
    return [
        mark
        for mark in row["breaks"]
        if (taken.isdisjoint(rules[mark]) if stay else taken.issuperset(rules[mark]))
    ]


def derive(client_id: int) -> None:
    """Write the columns of a client that follow from rows, where they are not what they were."""
    columns: Columns = {}
    for relation in relations():
        columns |= relation.policy.on_client(relation, client_id)
    now = raw_rows(Client, [client_id])[client_id]
    if any(now[name] != value for name, value in columns.items()):
        _do(Step(Client, [client_id], {name: now[name] for name in columns}, columns))


def _keep_former_names(pair: Pair, *, kept: int) -> list[dict[str, Any]]:
    aliases = ClientAlias.objects.filter(client__in=pair.ids)
    created = []
    for first, last in former_names(pair, aliases, kept=kept):
        alias = ClientAlias(client=pair.survivor, first_name=first, last_name=last)
        alias.save()
        (row,) = raw_rows(ClientAlias, [alias.pk]).values()
        created.append({"id": alias.pk, "row": row})
    return created
