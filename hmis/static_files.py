"""How static files are named where a release serves them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = r"""(?P<matched>import (?P<names>(?:\{[^}]*\} from )?)["'](?P<url>\./[^"']+)["'])"""


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Names with a hash, also in the import statements of our JavaScript modules.

    Django's own switch, support_js_module_import_aggregation, reads every package's scripts; an
    extension of htmx that nobody loads names a file in its comments, and collectstatic fails.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("hmis/js/*.js", ((IMPORT, 'import %(names)s"%(url)s"'),)),
    )
