from django.contrib.postgres.operations import BtreeGinExtension
from django.db import migrations

# Declared immutable, which unaccent() itself is not: its rules are a file that an administrator
# might change. The names are qualified because a restored dump creates indexes without a search
# path. Punctuation is taken out first: the parser would take 12/05 for a file, a.b for a host.
# The cost keeps the planner from computing the words of every row instead of using the index.
UNACCENT = r"""
DO $$
DECLARE
    place text := (SELECT quote_ident(nspname) FROM pg_extension
                   JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'unaccent');
BEGIN
    EXECUTE format(
        'CREATE FUNCTION casenotes_unaccent(typed text) RETURNS text'
        ' LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE'
        ' AS $body$ SELECT %1$s.unaccent(''%1$s.unaccent''::regdictionary, typed) $body$', place);
    EXECUTE format(
        'CREATE FUNCTION casenotes_words(title text, body text) RETURNS tsvector'
        ' LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 5000'
        ' AS $body$ SELECT to_tsvector(''pg_catalog.simple'', %1$s.casenotes_unaccent(translate('
        '     title || chr(10) || body, %2$L, repeat('' '', 32)))) $body$',
        quote_ident(current_schema()), '!"#$%&''()*+,-./:;<=>?@[\]^_`{|}~');
END $$
"""
DROP = "DROP FUNCTION casenotes_words(text, text); DROP FUNCTION casenotes_unaccent(text)"


class Migration(migrations.Migration):
    """The words of a note without accents, and an index of them together with the client."""

    initial = True
    dependencies = [("clients", "0001_extensions")]
    operations = [BtreeGinExtension(), migrations.RunSQL(UNACCENT, DROP)]
