"""Files made-up records as clients, by COPY."""

from collections.abc import Iterable, Iterator

import pgtrigger
from django.db import connection

from tests.bench.population import Record
from tests.bench.search import derived

COLUMNS = (
    "id personal_id organization_id visibility created_by_id updated_by_id date_created",
    "date_updated first_name last_name first_key last_key last_part_key middle_name name_suffix",
    "name_data_quality ssn ssn_hash ssn_last4_hash ssn_data_quality dob dob_data_quality sex",
    "am_ind_ak_native asian black_af_american hispanic_latinao mid_east_n_african",
    "native_hi_pacific white additional_race_ethnicity veteran_status phone photo_token version",
    "email address1 address2 city state zip",
)


def never_truncated() -> list[str]:
    """The triggers of tables that rows are only ever added to, some of which hang on clients."""
    return [
        f"{model._meta.label}:{trigger.name}"
        for model, trigger in pgtrigger.registered()
        if trigger.name == "not_truncated"
    ]


def file(records: Iterable[Record], organizations: list, user) -> None:
    """Put them in by COPY, as clients 1, 2, 3 ..., past the history's triggers."""
    from clients.encryption import encrypt
    from clients.models import Client, ClientAlias, NameSpelling

    aliases: list[tuple] = []
    spelt: list = []

    def rows() -> Iterator[tuple]:
        for number, one in enumerate(records, 1):
            client = Client(first_name=one.first_name, last_name=one.last_name, ssn=one.ssn)
            spelt.append(client)
            if one.alias_first or one.alias_last:
                aliases.append((number, one.alias_first, one.alias_last))
            quality = 2 if one.ssn.startswith("x") else 1
            yield (
                *(number, f"{number:032x}", organizations[number % 4].pk, "all", user.pk, user.pk),
                *("now", "now", one.first_name, one.last_name),
                *derived(client, "first_key", "last_key", "last_part_key"),
                *(one.middle_name, one.name_suffix, 1 if one.first_name + one.last_name else 99),
                *(encrypt(one.ssn) if one.ssn else "",),
                *derived(client, "ssn_hash", "ssn_last4_hash"),
                *(quality if one.ssn else 99, one.dob, 1 if one.dob else 99, one.sex),
                *(*[False] * 7, "", 99, one.phone, "", 1, one.email, one.address1, one.address2),
                *(one.city, "", one.zip),
            )

    with connection.cursor() as cursor:
        for model in (Client, ClientAlias):
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
        with pgtrigger.ignore(*never_truncated()):
            cursor.execute("TRUNCATE clients_client, clients_namespelling CASCADE")
        sql = f"COPY {Client._meta.db_table} ({', '.join(' '.join(COLUMNS).split())}) FROM STDIN"
        with cursor.copy(sql) as copy:
            for row in rows():
                copy.write_row(row)
    ClientAlias.objects.bulk_create(
        [ClientAlias(client_id=pk, first_name=a, last_name=b) for pk, a, b in aliases],
        batch_size=5000,
    )
    NameSpelling.remember(spelt)
    with connection.cursor() as cursor:
        for model in (Client, ClientAlias):
            cursor.execute(f"ALTER TABLE {model._meta.db_table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")
