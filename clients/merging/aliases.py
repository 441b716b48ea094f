"""The other names of the client who is gone, the former legal name among them."""

from typing import Any

from clients.merging.policies import Deed, Moves, Pair, Relation
from hud.text import normalised

Name = tuple[str, str]


class JoinsNames(Moves):
    """Aliases move, but for those that the client who stays has already: they are not said twice.

    The legal name that is not kept becomes an alias, so that it still finds the person.
    """

    def moving(self, relation: Relation, pair: Pair) -> list[Any]:
        known = {as_key(one) for one in relation.rows_of(pair.survivor.pk)}
        found = relation.rows_of(pair.gone.pk)
        return [one.pk for one in found if as_key(one) not in known]

    def former_names(self, relation: Relation, deed: Deed, kept: Name) -> list[Name]:
        """The legal names of both that are neither kept nor an alias of either."""
        known = {as_key(one) for one in relation.rows_of(*deed.pair.ids)} | {_key(kept)}
        names = {_key((one.first_name, one.last_name)): one for one in deed.pair}
        return [
            (one.first_name, one.last_name)
            for key, one in names.items()
            if key not in known and any(key)
        ]


def as_key(named: Any) -> Name:
    return _key((named.first_name, named.last_name))


def _key(name: Name) -> Name:
    return normalised(name[0]), normalised(name[1])
