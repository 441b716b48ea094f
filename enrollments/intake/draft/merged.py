"""An unfinished intake follows its people through merges, and through their undoing.

What is kept of a draft is encrypted and wiped when it is finished, so that a merge neither looks
through the drafts nor keeps a copy of one: the IDs are followed when a draft is opened.
"""

import re
from typing import Any

from django.http import QueryDict

from clients.models import Client
from enrollments.intake.draft.order import Step
from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import STORED, Answers, Typed, name_of

MEMBER = "member"  # the boxes of Family Members, whose values are IDs
OF_A_CLIENT = re.compile(r"c(\d+)-")
Renames = dict[int, int]


def follow_merges(draft: IntakeDraft) -> None:
    """Let the answers of a draft name who remains, and who is there again after an undo.

    Of two people of a draft who became one, the answers of the one who remains count, and HUD
    Program Enrollment is looked at once more.
    """
    if not draft.answers_json:
        return
    answers, followed = draft.answers, _followed(draft)
    named = named_in(answers)
    known = named | followed.keys() | {draft.client_id}
    if known == {draft.client_id}:
        return
    remain = Client.with_deleted.all().who_remain(known)
    gone: Renames = {pk: kept for pk, kept in remain.items() if pk != kept}
    away = {pk: kept for pk, kept in gone.items() if pk in named}
    back = {kept: pk for pk, kept in followed.items() if pk not in gone}
    both = {pk for pk, kept in away.items() if kept in named}
    if away or back:
        _rename(answers, away | back)
    if both:
        answers.mark(Step.PROGRAM, done=False)
    answers.followed = {
        str(pk): gone[pk] for pk in (away.keys() - both) | (followed.keys() & gone.keys())
    }


def follow_posted(draft: IntakeDraft, posted: QueryDict) -> QueryDict:
    """What a page sends that was opened before a merge, in the names of those who remain."""
    named = QueryDict(mutable=True)
    for name, values in _renamed(dict(posted.lists()), _followed(draft)).items():
        named.setlist(name, values)
    return named


def _followed(draft: IntakeDraft) -> Renames:
    return {int(pk): kept for pk, kept in draft.answers.followed.items()}


def named_in(answers: Answers) -> set[int]:
    """The IDs that the answers name."""
    typed = answers.steps.values()
    matches = [OF_A_CLIENT.match(name) for kept in typed for name in kept]
    ticked = [one for kept in typed for one in kept.get(MEMBER, []) if one.isdecimal()]
    household = answers.household or {"members": []}
    people: list[int] = answers.content.get("people", [])
    return {
        *people,
        *(int(match[1]) for match in matches if match),
        *map(int, ticked),
        *(one["client"] for one in household["members"]),
    }


def _rename(answers: Answers, renames: Renames) -> None:
    for part in ("typed", STORED):
        named: Typed = answers.content.get(part, {})
        for step, kept in named.items():
            named[step] = _renamed(kept, renames)
    answers.people = [renames.get(pk, pk) for pk in answers.content.get("people", [])]
    if answers.household:
        members: dict[int, dict[str, Any]] = {}
        for one in answers.household["members"]:
            pk = renames.get(one["client"], one["client"])
            if pk not in members or pk == one["client"]:
                members[pk] = one | {"client": pk}
        answers.household["members"] = list(members.values())


def _renamed(kept: dict[str, list[str]], renames: Renames) -> dict[str, list[str]]:
    """The fields of a page by their new names; what was typed for who remains counts."""
    fields: dict[str, list[str]] = {}
    for name, values in kept.items():
        match = OF_A_CLIENT.match(name)
        if name == MEMBER:
            numbers = {str(pk): str(other) for pk, other in renames.items()}
            fields[name] = list(dict.fromkeys(numbers.get(one, one) for one in values))
        elif match and int(match[1]) in renames:
            fields.setdefault(name_of(renames[int(match[1])], name[match.end() :]), values)
        else:
            fields[name] = values
    return fields
