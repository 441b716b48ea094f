"""What the data quality pages cost over many enrollments.

    .venv/bin/python -m tests.bench.quality 100000 --agencies 80

Fills a database of the bench's own with that many enrollments, a fifth of them of the organization
that is measured and the others of newer ones; prints the time of the overview, of each rule's list
and of the CSV, and the plan of each rule's query (`--plans` prints the plans whole). A database
that is filled is measured again.
"""

import argparse
import os
import re
import statistics
import time
from pathlib import Path
from typing import TYPE_CHECKING

import django
import psutil
import psycopg

if TYPE_CHECKING:
    from data_quality.rules.rule import Rule
    from data_quality.rules.scope import Scope

ROOT = Path(__file__).parents[2]
REPEATS = 5
YES_NO = "(ARRAY[0,0,0,0,1,1,1,8,9,99])[1 + floor(random() * 10)::int]"
TABLES = [
    *("clients_client", "enrollments_household", "enrollments_enrollment"),
    *("enrollments_incomebenefits", "enrollments_healthanddv", "enrollments_disability"),
    "enrollments_caseassignment",
]
STAMPS = "organization_id, visibility, date_created, created_by_id, date_updated, updated_by_id"
OF_ENROLLMENT = f"key, client_id, enrollment_id, information_date, data_collection_stage, {STAMPS}"
ABOUT = """md5('{salt}' || e.id || random()), e.client_id, e.id, {day}, {stage}, e.organization_id,
    'all', e.date_created, e.created_by_id, e.date_created, e.created_by_id"""


def about(salt: str, stage: int, day: str = "e.entry_date") -> str:
    return ABOUT.format(salt=salt, day=day, stage=stage)


CLIENTS = f"""
INSERT INTO clients_client ({STAMPS}, personal_id, first_name, middle_name, last_name, name_suffix,
    first_key, last_key, last_part_key, name_data_quality, ssn, ssn_hash, ssn_last4_hash, ssn_shape,
    ssn_data_quality, dob, dob_data_quality, sex, am_ind_ak_native, asian, black_af_american,
    hispanic_latinao, mid_east_n_african, native_hi_pacific, white, race_none,
    additional_race_ethnicity, veteran_status, phone, email, address1, address2, city, state, zip,
    photo_token, version)
SELECT %(organization)s, 'all', now(), %(user)s, now(), %(user)s, md5('c' || i || random()),
    'First' || i, '', 'Last' || i, '', 'first' || i, 'last' || i, '',
    (ARRAY[1,1,1,1,1,1,1,1,2])[1 + floor(random() * 9)::int],
    CASE WHEN known THEN 'sealed' ELSE '' END, '', '',
    CASE WHEN known THEN (ARRAY['whole','whole','whole','whole','part'])[1 + i %% 5] ELSE '' END,
    CASE WHEN NOT known THEN (ARRAY[8,9,99])[1 + i %% 3] WHEN i %% 5 = 4 THEN 2 ELSE 1 END,
    CASE WHEN i %% 40 = 0 THEN NULL ELSE date '1950-01-01' + (random() * 27000)::int END,
    CASE WHEN i %% 40 = 0 THEN 99 ELSE 1 END, {YES_NO.replace("8,9,99", "1,0,99")},
    false, false, false, i %% 9 = 0, false, false, i %% 3 > 0, NULL, '', {YES_NO}, '', '', '', '',
    '', '', '', '', 1
FROM (SELECT i, random() < 0.8 AS known FROM generate_series(1, %(count)s) AS i) AS people
RETURNING id
"""
ENROLLMENTS = f"""
INSERT INTO enrollments_enrollment ({STAMPS}, enrollment_id, client_id, household_id, project_id,
    entry_date, relationship_to_hoh, enrollment_coc, living_situation, length_of_stay,
    previous_street_essh, times_homeless_past_three_years, disabling_condition, exit_date,
    destination, other_destination, is_exempt)
SELECT %(organization)s, 'all', entry + (ARRAY[1,2,3,60])[1 + i %% 4], %(user)s, now(), %(user)s,
    md5('e' || i || random()), c.id, h.id, p.id, entry,
    CASE WHEN i %% 3 = 0 THEN CASE WHEN i %% 300 = 0 THEN 99 ELSE 1 END ELSE 2 + i %% 4 END,
    CASE WHEN i %% 3 = 0 AND i %% 30 > 0 THEN 'MA-500' ELSE '' END,
    (ARRAY[101,116,204,207,302,335,336,410,8,99])[1 + floor(random() * 10)::int],
    (ARRAY[2,3,4,5,10,11,99])[1 + floor(random() * 7)::int], i %% 2, 1 + i %% 4, {YES_NO}, left_on,
    CASE WHEN left_on IS NULL THEN NULL
        ELSE (ARRAY[410,422,101,116,30,8,99,NULL,17,312])[1 + floor(random() * 10)::int] END, '',
    i / 3 %% 100 = 0  -- every hundredth household came without a head
FROM (
    SELECT i, entry, CASE WHEN random() < 0.7 AND entry + length < current_date
        THEN entry + length END AS left_on
    FROM (
        SELECT i, date '2023-01-01' + (i / 3 * 7919 %% 1300) AS entry,
            5 + (random() * 600)::int AS length
        FROM generate_series(0, %(count)s - 1) AS i
    ) AS drawn
) AS enrollments
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM clients_client
      WHERE organization_id = %(organization)s) AS c ON c.n = i
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM enrollments_household
      WHERE id >= %(first_household)s) AS h ON h.n = i / 3
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM agencies_project
      WHERE organization_id = %(organization)s) AS p ON p.n = (i / 3) %% 12
"""
INCOME_COLUMNS = """income_from_any_source, total_monthly_income, earned, earned_amount, ssi,
    ssi_amount, other_income_source_identify, benefits_from_any_source, snap,
    other_benefits_source_identify, insurance_from_any_source, medicaid, other_insurance_identify"""
INCOME_VALUES = """any_income, CASE any_income WHEN 1 THEN 900 WHEN 0 THEN 0 END,
    CASE WHEN any_income = 1 AND random() < 0.999 THEN 1 ELSE 0 END,
    CASE WHEN any_income = 1 AND random() < 0.999 THEN 900 END, 0, NULL, '', any_benefits,
    CASE WHEN any_benefits = 1 THEN 1 ELSE 0 END, '', any_insurance,
    CASE WHEN any_insurance = 1 AND random() < 0.999 THEN 1 END, ''"""
DRAWN = f"""(SELECT *, {YES_NO} AS any_income, {YES_NO} AS any_benefits, {YES_NO} AS any_insurance
    FROM enrollments_enrollment)"""


def incomes(stage: int, day: str, condition: str, times: str = "") -> str:
    return f"""
    INSERT INTO enrollments_incomebenefits ({OF_ENROLLMENT}, {INCOME_COLUMNS})
    SELECT {about(f"i{stage}", stage, day)}, {INCOME_VALUES} FROM {DRAWN} AS e {times}
    WHERE {condition} AND random() < 0.9
    """


ROWS = [
    incomes(1, "e.entry_date", "true"),
    incomes(3, "e.exit_date", "e.exit_date IS NOT NULL"),
    incomes(
        5,
        "(e.entry_date + y * 365 + (random() * 50)::int - 12)",
        "e.entry_date + y * 365 < COALESCE(e.exit_date, current_date - 40)",
        "CROSS JOIN generate_series(1, 3) AS y",
    ),
    f"""
    INSERT INTO enrollments_healthanddv ({OF_ENROLLMENT}, domestic_violence_survivor, when_occurred)
    SELECT {about("v", 1)}, {YES_NO}, NULL FROM enrollments_enrollment AS e WHERE random() < 0.9
    """,
    f"""
    INSERT INTO enrollments_disability ({OF_ENROLLMENT}, disability_type, disability_response,
        indefinite_and_impairs)
    SELECT {about("d", 1)}, kind, CASE WHEN random() < 0.9 THEN 0 ELSE 1 END, 1
    FROM enrollments_enrollment AS e CROSS JOIN generate_series(5, 10) AS kind
    WHERE e.id % 12 > 0 OR kind < 10
    """,
    f"""
    INSERT INTO enrollments_caseassignment (client_id, enrollment_id, case_manager_id, begins_on,
        ends_on, {STAMPS})
    SELECT e.client_id, e.id, e.created_by_id, e.entry_date, e.exit_date, e.organization_id, 'all',
        e.date_created, e.created_by_id, e.date_created, e.created_by_id
    FROM enrollments_enrollment AS e WHERE random() < 0.95
    """,
]


def fill(count: int, agencies: int) -> None:
    from django.db import connection

    from agencies.models import Membership, Organization, Project, User
    from enrollments.models import Enrollment

    if Enrollment.objects.exists():
        return
    with connection.cursor() as cursor:
        for table in TABLES:  # no history of made-up records
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        others = [(f"Agency{number} House", 0.8 / agencies) for number in range(agencies)]
        for name, share in [("Large Agency", 0.2), *others]:
            organization = Organization.objects.create(organization_name=name)
            email = f"{name.split()[0].lower()}@example.org"
            user = User.objects.create(email=email, first_name="Dana", last_name=name)
            Membership.objects.create(user=user, organization=organization, role="dqo")
            for number in range(12):
                Project.objects.create(
                    organization=organization,
                    project_name=f"Project {number}",
                    project_type=(0, 1, 2, 3, 4, 6, 8, 9, 10, 12, 13, 14)[number],
                    operating_start_date="2020-01-01",
                )
            numbers = {
                "organization": organization.pk,
                "user": user.pk,
                "count": int(count * share),
            }
            cursor.execute(CLIENTS, numbers)
            cursor.execute(
                "INSERT INTO enrollments_household (household_id, date_created) SELECT"
                " md5('h' || i || random()), now() FROM generate_series(0, %(count)s / 3) AS i"
                " RETURNING id",
                numbers,
            )
            numbers["first_household"] = min(pk for (pk,) in cursor.fetchall())
            cursor.execute(ENROLLMENTS, numbers)
        for statement in ROWS:
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Clock:
    """Time on the wall, and of the processor: Python and PostgreSQL together, on one core.

    The latter hardly changes on a busy machine.
    """

    def __init__(self) -> None:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
            cursor.execute("SELECT pg_backend_pid()")
            self.server = psutil.Process(cursor.fetchone()[0])

    def processor(self) -> float:
        spent = self.server.cpu_times()
        return 1000 * (spent.user + spent.system + time.process_time())

    def __call__(self, run, *, repeats: int = REPEATS) -> str:
        run()
        walls, processors = [], []
        for _ in range(repeats):
            begin, before = time.perf_counter(), self.processor()
            run()
            walls.append((time.perf_counter() - begin) * 1000)
            processors.append(self.processor() - before)
        walls.sort()
        p95 = walls[max(0, int(repeats * 0.95) - 1)]
        median = statistics.median(processors)
        return f"{statistics.median(walls):6.0f} ms p50 {p95:6.0f} p95 {median:6.0f} processor"


PAGES = re.compile(r"Buffers: shared ([^\n]+)")
SPENT = re.compile(r"(?:Planning|Execution) Time: ([\d.]+) ms")


def plans_of(rule: "Rule", scope: "Scope", *, whole: bool) -> tuple[int, float, str]:
    """Pages of 8 kB and milliseconds of the statements that find a list's first page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from data_quality import lists

    with CaptureQueriesContext(connection) as queries:
        lists.page_of(rule, scope)
    asked = [one["sql"] for one in queries if one["sql"].startswith("SELECT")]
    texts = []
    with connection.cursor() as cursor, lists._row_by_row():
        for sql in asked:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}")
            texts.append("\n".join(line for (line,) in cursor.fetchall()))
    found = [one for text in texts for one in PAGES.findall(text)[:1]]
    pages = sum(int(number) for one in found for number in re.findall(r"=(\d+)", one))
    spent = sum(float(one) for text in texts for one in SPENT.findall(text))
    shown = "".join(f"\n{sql}\n{text}" for sql, text in zip(asked, texts, strict=True))
    return pages, spent, f"{len(asked)} statements" + (shown if whole else "")


def measure(*, agency: str, plans: bool) -> None:
    from django.core.management import call_command
    from django.test import Client as Browser
    from django.urls import reverse
    from django.utils import timezone

    from agencies.models import User
    from data_quality.counts import rule_counts
    from data_quality.rules.catalog import RULES
    from data_quality.rules.scope import Scope
    from enrollments.models import Disability, Enrollment, IncomeBenefits

    for model in (Enrollment, IncomeBenefits, Disability):
        print(f"{model.objects.count():>10,} {model._meta.verbose_name_plural}")
    officer = User.objects.get(email=f"{agency}@example.org")
    scope = Scope(user=officer, today=timezone.localdate())
    clock = Clock()
    print("all counts       ", clock(lambda: rule_counts(scope)), flush=True)
    browser = Browser(SERVER_NAME="localhost")
    browser.force_login(officer)
    overview = reverse("admin:quality")
    browser.get(overview)
    call_command("count_quality")
    print("overview         ", clock(lambda: browser.get(overview)), flush=True)
    print("start page       ", clock(lambda: browser.get(reverse("admin:index"))), flush=True)
    found = {one.rule.key: one.found for one in rule_counts(scope)}
    every = []
    for rule in RULES:
        address = reverse("admin:quality_list", args=[rule.key])
        page = clock(lambda address=address: browser.get(address), repeats=1)
        pages, spent, plan = plans_of(rule, scope, whole=plans)
        every.append((pages, spent))
        cost = f"{pages:8,} pages {spent:7.1f} ms  {plan}"
        print(f"{rule.key:30}{found[rule.key]:>8,} {page}  {cost}", flush=True)
    times = sorted(spent for _, spent in every)
    p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"all lists: {sum(pages for pages, _ in every):,} pages, p50 {p50:.1f} p95 {p95:.1f} ms")
    address = reverse("admin:quality_csv", args=["violence-missing"])
    run = lambda: b"".join(browser.get(address).streaming_content)  # noqa: E731
    print(f"CSV of {found['violence-missing']:,}", clock(run, repeats=2), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("--agencies", type=int, default=80, help="the others")
    parser.add_argument("--of", default="large", help="whose officer looks: large, agency40")
    parser.add_argument("--plans", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("HMIS_DEMO", "1")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    from hmis import embedded

    data = Path(os.environ.get("HMIS_DATA_DIR") or ROOT / ".hmis")
    url = embedded.start(data / "bench-postgres", durable=False)
    server, name = url.rpartition("/")[0], f"quality_{options.count}"
    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not known.fetchone():
            connection.execute(f"CREATE DATABASE {name}")
    os.environ["DATABASE_URL"] = f"{server}/{name}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "hmis.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection as database
    from django.db import transaction

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    begin = time.monotonic()
    with transaction.atomic():
        fill(options.count, options.agencies)
    with database.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"filled in {time.monotonic() - begin:.0f} s", flush=True)
    measure(agency=options.of, plans=options.plans)


if __name__ == "__main__":
    main()
