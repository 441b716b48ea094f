"""Compiled statements are held to their querysets: the second call of each shape, in any test.

What PostgreSQL has prepared outlives the rollback with which a test ends. psycopg forgets it there,
and every test would have each of its statements planned again: most of PostgreSQL's time.
"""

from collections import Counter

import pytest
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg import pq

from records.statements import Compiled

HELD = 2  # the first call compiles: the same arguments once more would prove little
IN_TRANSACTION = pq.TransactionStatus.INTRANS
PREPARED = 1000  # on one connection, which all tests of a worker share

calls: Counter = Counter()


@pytest.fixture(scope="session", autouse=True)
def _compiled_statements_are_their_querysets():
    kept = Compiled.kept

    def held(statement, shape, args, fixed):
        plan = kept(statement, shape, args, fixed)
        if plan and (calls.update([plan.sql]) or calls[plan.sql]) == HELD:
            again = statement.plan(args, fixed)
            assert (plan.alias, plan.sql, plan.locks) == (again.alias, again.sql, again.locks)
            assert [one.value for one in plan.slots] == [one.value for one in again.slots]
        return plan

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compiled, "strict", True)
        patch.setattr(Compiled, "kept", held)
        yield


@pytest.fixture(scope="session", autouse=True)
def _prepared_statements_outlive_a_test():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseWrapper, "_rollback", roll_back)
        yield


def roll_back(wrapper):
    database = wrapper.connection
    with wrapper.wrap_database_errors:
        if database.info.transaction_status == IN_TRANSACTION:
            database.prepared_max = PREPARED
            database.execute("ROLLBACK")
        else:
            database.rollback()
