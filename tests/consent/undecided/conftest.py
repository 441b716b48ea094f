"""John of the tests of merges, and Jon, who is the same person."""

from tests.clients.conftest import john  # noqa: F401 - a fixture
from tests.clients.merge.conftest import jon, merged  # noqa: F401 - fixtures
