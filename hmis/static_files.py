"""How static files are named, and put together, where a release serves them."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = r"""(?P<matched>import (?P<names>(?:\{[^}]*\} from )?)["'](?P<url>\./[^"']+)["'])"""
# The rules of every page, each in its file; a release serves them as one.
STYLES = ("base", "shell", "content", "forms", "feedback", "records", "help", "entrance")
STYLESHEETS = ("bootstrap/css/bootstrap.min.css", *(f"hmis/css/{name}.css" for name in STYLES))
STYLESHEET = "hmis/css/hmis.css"
SOURCE_MAP = re.compile(r"^/\*# sourceMappingURL=.*\*/$", re.M)


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names with a hash, also in the import statements of our JavaScript modules.

    Django's own switch, support_js_module_import_aggregation, reads every package's scripts; an
    extension of htmx that nobody loads names a file in its comments, and collectstatic fails.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("hmis/js/*.js", ((IMPORT, 'import %(names)s"%(url)s"'),)),
    )

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        if not dry_run:
            self.delete(STYLESHEET)
            self.save(STYLESHEET, ContentFile("\n".join(self._styles(paths))))
            paths = {**paths, STYLESHEET: (self, STYLESHEET)}
        yield from super().post_process(paths, dry_run, **options)

    def _styles(self, paths: dict[str, Any]) -> Iterator[str]:
        for name in STYLESHEETS:
            storage, path = paths[name]
            with storage.open(path) as file:
                yield SOURCE_MAP.sub("", file.read().decode())
