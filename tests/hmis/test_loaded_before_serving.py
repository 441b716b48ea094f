"""What a web server does once before its workers part."""

import gc
from types import SimpleNamespace

from hmis.server import config


def test_garbage_collection_passes_over_what_is_loaded_before_it_listens(monkeypatch):
    monkeypatch.setattr(config, "engines", {"django": SimpleNamespace(template_dirs=[])})
    monkeypatch.setattr(config, "disconnect", lambda: None)
    of_tests, loaded = gc.get_threshold(), [[]]
    try:
        config.before_it_listens(None)
        threshold = gc.get_threshold()
    finally:
        gc.set_threshold(*of_tests)
    assert not any(found is loaded for found in gc.get_objects())
    assert threshold == config.COLLECT_AFTER
