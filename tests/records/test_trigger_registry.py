"""The shortcut of `records.history` through the registry of pgtrigger, which may change."""

import inspect

from pgtrigger.registry import _Registry, _registry

UPGRADED = (
    "pgtrigger has changed. Compare its `_Registry` with the shortcut in records/history.py: make "
    "the shortcut fit, or take it out where pgtrigger looks through all triggers for each no more."
)


def test_shortcut_gives_what_pgtrigger_would_look_up_one_by_one():
    assert list(_registry.values()) == [_registry[uri] for uri in _registry], UPGRADED
    assert len(_registry.values()) > 100


def test_pgtrigger_still_looks_through_all_triggers_for_each_and_has_no_way_of_its_own():
    written = inspect.getsource(_Registry)
    assert written.count("self.values()") == 2, UPGRADED
    assert "def values" not in written, UPGRADED
