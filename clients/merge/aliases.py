"""The other names of the client who is gone, the former legal name among them."""

from collections.abc import Iterable
from typing import Any

from clients.merge.policies import Moves, Pair, Relation
from hud.text import normalised

Name = tuple[str, str]


class JoinsNames(Moves):
    """Aliases move, but for those that the client who stays has already."""

    def moving(self, relation: Relation, pair: Pair) -> list[Any]:
        known = {key_of_row(one) for one in relation.rows_of(pair.survivor.pk)}
        found = relation.rows_of(pair.gone.pk)
        return [one.pk for one in found if key_of_row(one) not in known]


def former_names(pair: Pair, aliases: Iterable[Any], *, kept: int) -> list[Name]:
    """The legal names that are neither kept nor said by an alias: they become aliases.

    kept: the ID of the client whose name is kept.
    """
    named = pair.gone if kept == pair.gone.pk else pair.survivor
    known = {key_of_row(one) for one in [*aliases, named]}
    return [
        (one.first_name, one.last_name)
        for one in pair
        if key_of_row(one) not in known and any(key_of_row(one))
    ]


def key_of_row(named: Any) -> Name:
    return normalised(named.first_name), normalised(named.last_name)
