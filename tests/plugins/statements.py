"""Compiled statements are held to their querysets: the first calls of each shape, in every test."""

from collections import Counter

import pytest

from records.statements import Compiled

HELD = 2  # the call that compiles is one of them, and proves little

calls: Counter = Counter()


@pytest.fixture(scope="session", autouse=True)
def _compiled_statements_are_their_querysets():
    kept = Compiled.kept

    def held(statement, shape, args, fixed):
        plan = kept(statement, shape, args, fixed)
        if plan and (calls.update([plan.sql]) or calls[plan.sql]) <= HELD:
            again = statement.plan(args, fixed)
            assert (plan.alias, plan.sql, plan.locks) == (again.alias, again.sql, again.locks)
            assert [one.value for one in plan.slots] == [one.value for one in again.slots]
        return plan

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compiled, "strict", True)
        patch.setattr(Compiled, "kept", held)
        yield
