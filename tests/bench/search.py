"""What searching costs as the table grows: fills a database for each size and times each way in.

    for size in 1000 30000 100000 1000000; do .venv/bin/python -m tests.bench.search $size; done

Synthetic people with a long tail of names, in a PostgreSQL of the bench's own; a database that
is filled already is measured again. For each way in: p50 and p95 in milliseconds; the processor
time of one search, Python and PostgreSQL together, which a busy machine hardly changes; the median
and the most pages that PostgreSQL touches, which it does not change at all.
"""

# ruff: noqa: SIM905 -- lists of words read better as text

import argparse
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import django
import psutil
import psycopg
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).parents[2]
REPEATS = 40
PLANS = 11

# Name parts from which a long tail of plausible spellings is put together.
STARTS = (
    "ba be bo bra ca ce cha co cru da de do du e fa fe fra ga ge gon gre ha he hi ho i ja je jo"
)
STARTS += " ka ke ko la le li lo lu ma me mi mo mu na ne no o pa pe po qui ra re ri ro ru sa se sha"
STARTS += " si so ste ta te tho ti to tre u va ve vi wa we wi ya yo za ze"
MIDDLES = (
    "la le li lo ma me mi na ne ni no ra re ri ro sa se ta te ti va ve der gan man mon rin ste"
)
ENDS = "n s r l ez son ton man ski berg ley ter ra na la do ti no ko dez vich ford field well"

COMMON_FIRSTS = """
james robert john michael david william richard joseph thomas christopher charles
daniel matthew anthony mark donald steven andrew paul joshua kenneth kevin brian timothy ronald
jason george edward jeffrey ryan jacob nicholas gary eric jonathan stephen larry justin scott
brandon benjamin samuel gregory alexander patrick frank raymond jack dennis jerry tyler aaron jose
adam nathan henry zachary douglas peter kyle noah ethan jeremy walter keith austin roger terry sean
mary patricia jennifer linda elizabeth barbara susan jessica karen sarah lisa nancy sandra betty
ashley emily kimberly margaret donna michelle carol amanda melissa deborah stephanie rebecca sharon
laura cynthia dorothy amy kathleen angela shirley emma brenda pamela nicole anna samantha katherine
christine helen debra rachel carolyn janet maria catherine heather diane olivia julie joyce victoria
juan luis carlos jesus francisco miguel antonio guadalupe rosa carmen ana lucia""".split()
COMMON_LASTS = """
smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez
lopez gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris
sanchez clark ramirez lewis robinson walker young allen king wright scott torres nguyen hill flores
green adams nelson baker hall rivera campbell mitchell carter roberts gomez phillips evans turner
diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez ortiz
morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez
wood james bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross
foster jimenez powell jenkins perry russell sullivan bell coleman butler henderson barnes""".split()


class Names:
    """Names by Zipf's law: a few hundred are common, tens of thousands are met now and then."""

    def __init__(self, common: list[str], rare: int, rng: random.Random):
        made: dict[str, None] = dict.fromkeys(common)
        starts, middles, ends = STARTS.split(), MIDDLES.split(), ENDS.split()
        while len(made) < len(common) + rare:
            middle = "".join(rng.choice(middles) for _ in range(rng.randint(0, 2)))
            made[rng.choice(starts) + middle + rng.choice(ends)] = None
        self.all = list(made)
        weights = [1 / (rank + 8) ** 0.95 for rank in range(len(self.all))]
        total, running = sum(weights), 0.0
        self.steps = []
        for weight in weights:
            running += weight / total
            self.steps.append(running)
        self.rng = rng

    def draw(self) -> str:
        return self.rng.choices(self.all, cum_weights=self.steps)[0].capitalize()


class People:
    """Draws persons; the same seed draws the same ones."""

    def __init__(self, seed: int = 7):
        self.rng = random.Random(seed)
        self.firsts = Names(COMMON_FIRSTS, 20_000, self.rng)
        self.lasts = Names(COMMON_LASTS, 80_000, self.rng)

    def first(self) -> str:
        return self.firsts.draw()

    def last(self) -> str:
        name, chance = self.lasts.draw(), self.rng.random()
        if chance < 0.06:
            return f"{name}-{self.lasts.draw()}"
        return f"{self.rng.choice(('Van', 'de la', 'Mac'))} {name}" if chance < 0.08 else name

    def middle(self) -> str:
        """Half have one, and most of these only an initial."""
        chance = self.rng.random()
        if chance < 0.5:
            return ""
        return self.first()[0] if chance < 0.8 else self.first()

    def dob(self) -> date | None:
        chance = self.rng.random()
        if chance < 0.05:
            return None
        day = date(1940, 1, 1) + timedelta(days=self.rng.randrange(28_000))
        return day.replace(month=1, day=1) if chance < 0.1 else day

    def ssn(self) -> str:
        chance = self.rng.random()
        if chance < 0.3:
            return ""
        number = f"{self.rng.randint(1, 665):03}{self.rng.randint(1, 99):02}"
        serial = f"{self.rng.randint(1, 9999):04}"
        return f"xxxxx{serial}" if chance < 0.4 else number + serial


def prepare(size: int | str) -> None:
    """Point Django at a database of the bench's own."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")
    os.environ.setdefault("HMIS_DEMO", "1")
    from hmis import embedded

    url = embedded.start(ROOT / ".hmis" / "bench-postgres", durable=False)
    name = f"bench_{size}"
    with psycopg.connect(url, autocommit=True) as server:
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            server.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = f"{url.rpartition('/')[0]}/{name}"
    django.setup()


CLIENT_COLUMNS = """
id personal_id organization_id visibility created_by_id updated_by_id date_created date_updated
first_name last_name first_key last_key last_part_key name_forms middle_name name_suffix
name_data_quality ssn ssn_hash ssn_last4_hash ssn_shape ssn_data_quality dob dob_data_quality sex
am_ind_ak_native asian black_af_american hispanic_latinao mid_east_n_african native_hi_pacific white
additional_race_ethnicity veteran_status phone version email address1 address2 city state zip
photo_token
""".split()
ALIAS_COLUMNS = "client_id first_name last_name first_key last_key last_part_key name_forms".split()


class Filler:
    """Adds clients and aliases by COPY, as the product would save them, and their spellings."""

    def __init__(self, organizations: list, user):
        from clients.encryption import encrypt

        self.organizations, self.user = organizations, user
        self.token = encrypt("000000000")  # of the right length; nobody reads it here
        self.spelt: list = []

    def client(self, number: int, person, *, restricted: bool = False) -> tuple:
        """The columns of one client; `person` is a Client that is not saved."""
        keys = derived(person, "first_key", "last_key", "last_part_key", "name_forms")
        hashes = derived(person, "ssn_hash", "ssn_last4_hash", "ssn_shape")
        self.spelt.append(person)
        has_name = person.first_name or person.last_name
        return (
            *(number, f"{number:032x}", self.organizations[number % 4].pk),
            *("own" if restricted else "all", self.user.pk, self.user.pk, "now", "now"),
            *(person.first_name, person.last_name, *keys, person.middle_name, ""),
            *(1 if has_name else 99, self.token if person.ssn else "", *hashes),
            *(1 if person.ssn else 99, person.dob, dob_quality(person.dob), 1, *[False] * 7, ""),
            *(99, "", 1, *[""] * 7),
        )

    def alias(self, number: int, alias) -> tuple:
        keys = derived(alias, "first_key", "last_key", "last_part_key", "name_forms")
        self.spelt.append(alias)
        return (number, alias.first_name, alias.last_name, *keys)

    def copy(self, model, columns: list[str], rows: Iterable[tuple]) -> None:
        """None of our triggers runs: `add_forms` comes afterwards."""
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def add_forms(self, least: int = 0) -> None:
        """What the triggers would do for clients from the number `least` on, in one statement."""
        with connection.cursor() as cursor:
            for table, whose in (
                ("clients_client", "id, NULL::bigint"),
                ("clients_clientalias", "client_id, id"),
            ):
                client = whose.split(",")[0]
                cursor.execute(
                    "INSERT INTO clients_nameform (client_id, alias_id, first_key, last_key)"
                    f" SELECT {whose}, split_part(form, E'\\t', 1), split_part(form, E'\\t', 2)"
                    f" FROM {table}, unnest(string_to_array(name_forms, E'\\n')) AS form"
                    f" WHERE form <> '' AND {client} >= %s",
                    [least],
                )

    def remember(self) -> None:
        from clients.models import NameSpelling

        NameSpelling.remember(self.spelt)
        self.spelt.clear()


def fill(people: People, size: int, organizations: list, user) -> None:
    """Add `size` clients, every twelfth with an alias, by COPY."""
    from clients.models import Client, ClientAlias

    filler = Filler(organizations, user)

    def clients() -> Iterator[tuple]:
        for number in range(1, size + 1):
            ssn, dob = people.ssn(), people.dob()
            person = Client(first_name=people.first(), last_name=people.last(), ssn=ssn, dob=dob)
            person.middle_name = people.middle()
            yield filler.client(number, person, restricted=number % 25 == 0)

    def aliases() -> Iterator[tuple]:
        for number in range(12, size + 1, 12):
            yield filler.alias(
                number, ClientAlias(first_name=people.first(), last_name=people.last())
            )

    with without_indexes("clients_client", "clients_clientalias", "clients_nameform"):
        filler.copy(Client, CLIENT_COLUMNS, clients())
        filler.copy(ClientAlias, ALIAS_COLUMNS, aliases())
        filler.add_forms()
    filler.remember()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def without_indexes(*tables: str) -> Iterator[None]:
    """Build the indexes of these tables once they are full: a third of the time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND NOT EXISTS"
            " (SELECT FROM pg_constraint WHERE conname = indexname)",
            [list(tables)],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _, definition in indexes:
            cursor.execute(definition)


def dob_quality(dob: date | None) -> int:
    """The first of January stands for a year of which no more is known."""
    return (2 if (dob.month, dob.day) == (1, 1) else 1) if dob else 99


def derived(row, *names: str) -> list[str]:
    return [row._meta.get_field(name).pre_save(row, add=True) for name in names]


def line(text: str):
    """A search as the box in the top bar makes it."""
    from clients.names import sorted_into_boxes
    from clients.search import Criteria

    names = sorted_into_boxes(text)
    return Criteria(names.first, names.last, line=text)


def ways(people: People, user) -> dict[str, Callable[[], object]]:
    """Each way in, with a person drawn again each time it is called."""
    from clients.duplicates.likely import likely_duplicates
    from clients.models import Client
    from clients.search import Criteria, exact_matches, near_matches
    from hud.rules.dob import Precision

    rng = random.Random(11)
    known = list(Client.objects.filter(pk__in=rng.sample(range(1, 1000), 200)).exclude(ssn_hash=""))

    def typo(name: str) -> str:
        at = rng.randrange(1, max(len(name) - 1, 2))
        return name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :]

    def exact(**boxes):
        return lambda: exact_matches(Criteria(**{k: v() for k, v in boxes.items()}), user)

    def near(**boxes):
        return lambda: near_matches(Criteria(**{k: v() for k, v in boxes.items()}), user)

    def first(letters: int = 99):
        return lambda: people.first()[:letters]

    def last(letters: int = 99):
        return lambda: people.last()[:letters]

    def dob():
        return people.dob() or date(1980, 1, 1)

    def new_client():
        client = rng.choice(known)
        return likely_duplicates(
            Client(
                first_name=typo(client.first_name),
                last_name=client.last_name,
                dob=dob(),
                ssn=f"{rng.randint(100, 600)}{rng.randint(11, 99)}{rng.randint(1000, 9999)}",
            ),
            user,
        )

    year = lambda: dob().replace(month=1, day=1)  # noqa: E731
    month = lambda: dob().replace(day=1)  # noqa: E731
    middles = [one.middle_name for one in known if len(one.middle_name) > 1]
    ssn = lambda: f"{rng.randint(1, 665):03}{rng.randint(1, 99):02}{rng.randint(1, 9999):04}"  # noqa: E731
    return {
        "3+3": exact(first_name=first(3), last_name=last(3)),
        "2+3": exact(first_name=first(2), last_name=last(3)),
        "2+2": exact(first_name=first(2), last_name=last(2)),
        "1+1": exact(first_name=first(1), last_name=last(1)),
        "full names": exact(first_name=first(), last_name=last()),
        "Smith, John": exact(first_name=lambda: "John", last_name=lambda: "Smith"),
        "last name, one letter": exact(last_name=last(1)),
        "last name, 3 letters": exact(last_name=last(3)),
        "last name, full": exact(last_name=last()),
        "first name, one letter": exact(first_name=first(1)),
        "first name, full": exact(first_name=first()),
        "SSN": exact(ssn=ssn),
        "last four": exact(ssn=lambda: ssn()[-4:]),
        "date of birth": exact(dob=dob),
        "first of January": exact(dob=lambda: date(rng.randint(1950, 2000), 1, 1)),
        "date of birth + 3 + 3": exact(first_name=first(3), last_name=last(3), dob=dob),
        "last four + last name": exact(last_name=last(3), ssn=lambda: ssn()[-4:]),
        "client ID": exact(client_id=lambda: rng.randint(1, 1000)),
        "year of birth": exact(dob=year, dob_precision=lambda: Precision.YEAR),
        "month of birth": exact(dob=month, dob_precision=lambda: Precision.MONTH),
        "year of birth + 3 + 3": exact(
            first_name=first(3), last_name=last(3), dob=year, dob_precision=lambda: Precision.YEAR
        ),
        "year of birth + first name": exact(
            first_name=first(), dob=year, dob_precision=lambda: Precision.YEAR
        ),
        "middle name + last name": exact(first_name=lambda: rng.choice(middles), last_name=last(3)),
        "line of two names": lambda: exact_matches(line(f"{people.first()} {people.last()}"), user),
        "line: John Smith": lambda: exact_matches(line("John Smith"), user),
        "line of four words": lambda: exact_matches(
            line(f"{people.first()} {people.first()} Van {people.last()}"), user
        ),
        "nothing found": exact(first_name=lambda: "Xq", last_name=lambda: "Zzq"),
        "near: full names": near(
            first_name=lambda: typo(people.first()), last_name=lambda: typo(people.last())
        ),
        "near: Smith, John": near(first_name=lambda: "John", last_name=lambda: "Smith"),
        "near: 3+3": near(first_name=first(3), last_name=last(3)),
        "near: 2+3": near(first_name=first(2), last_name=last(3)),
        "near: last name": near(last_name=lambda: typo(people.last())),
        "near: first name": near(first_name=lambda: typo(people.first())),
        "near: names + date of birth": near(
            first_name=lambda: typo(people.first()), last_name=lambda: typo(people.last()), dob=dob
        ),
        "near: names + year of birth": near(
            first_name=lambda: typo(people.first()),
            last_name=lambda: typo(people.last()),
            dob=year,
            dob_precision=lambda: Precision.YEAR,
        ),
        "near: line of two names": lambda: near_matches(
            line(f"{typo(people.first())} {typo(people.last())}"), user
        ),
        "near: names + SSN": near(first_name=first(), last_name=last(), ssn=ssn),
        "near: SSN": near(ssn=ssn),
        "near: date of birth": near(dob=dob),
        "likely duplicates": new_client,
    }


def measure(run: Callable[[], object]) -> tuple[float, float, float]:
    """Return the 50th and 95th percentile and the mean processor time in milliseconds, warm."""
    for _ in range(3):
        run()
    times = []
    processor = processor_seconds()
    for _ in range(REPEATS):
        begin = time.perf_counter()
        run()
        times.append((time.perf_counter() - begin) * 1000)
    processor = (processor_seconds() - processor) / REPEATS * 1000
    cuts = statistics.quantiles(times, n=20)
    return cuts[9], cuts[18], processor


def processor_seconds() -> float:
    """What this process and the server's process for it have used so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0]).cpu_times()
    return time.process_time() + server.user + server.system


def plans(run: Callable[[], object]) -> Iterator[str]:
    """The plan of each statement of one run."""
    seen: list[tuple] = []

    def note(execute, sql, params, many, context):
        is_prepared = "$1" in sql
        seen.append((context["cursor"].merged(sql, params), None) if is_prepared else (sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        run()
    with connection.cursor() as cursor:
        for sql, params in seen:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", params)
            yield "\n".join(line for (line,) in cursor.fetchall())


def pages(run: Callable[[], object]) -> tuple[int, int]:
    """The median and the most database pages that a search touches: the same on a busy machine."""
    counts = []
    for _ in range(PLANS):
        count = 0
        for plan in plans(run):
            whole = plan.partition("Planning:")[0]
            first = re.search(r"Buffers: shared( hit=(\d+))?( read=(\d+))?", whole)
            count += sum(int(number or 0) for number in first.group(2, 4)) if first else 0
        counts.append(count)
    return int(statistics.median(counts)), max(counts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("size", type=int, help="clients")
    parser.add_argument("--plans", type=Path, help="write the plan of each way into this folder")
    parser.add_argument("--only", default="", help="ways whose name holds this text")
    options = parser.parse_args()
    prepare(options.size)

    from clients.models import Client, NameSpelling

    user, organizations = set_up()
    if not Client.objects.exists():
        fill(People(), options.size, organizations, user)
    print(f"{options.size:,} clients, {NameSpelling.objects.count():,} spellings")
    print("| way | p50 / p95 ms | processor ms | pages, median / most |\n|---|---|---|---|")
    for name, run in ways(People(seed=1), user).items():
        if options.only in name:
            (p50, p95, processor), (median, most) = measure(run), pages(run)
            cells = f"{p50:.1f} / {p95:.1f} | {processor:.1f} | {median} / {most}"
            print(f"| {name} | {cells} |", flush=True)
            if options.plans:
                options.plans.mkdir(parents=True, exist_ok=True)
                file = options.plans / f"{options.size} {name}.txt"
                file.write_text("\n\n".join(plans(run)))


def set_up() -> tuple:
    """Make the tables, four organizations and a user of the first."""
    from agencies.models import Membership, Organization, User

    call_command("migrate", verbosity=0, skip_checks=True)
    organizations = [
        Organization.objects.get_or_create(organization_name=f"Agency {number}")[0]
        for number in range(4)
    ]
    user, _ = User.objects.get_or_create(email="bench@example.org")
    Membership.objects.get_or_create(user=user, organization=organizations[0])
    return user, organizations


if __name__ == "__main__":
    main()
