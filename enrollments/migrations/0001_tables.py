import functools
import operator
import uuid
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models
from django.db.models import PROTECT, F, Func, Index, Q, UniqueConstraint, Value, functions
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._choices import (
    HEALTH, NO_ANSWER, NO_HIV_PROGRAM, NO_INSURANCE, NOT_COLLECTED, SITUATIONS, STAGES, SUBSIDIES, VIRAL_SOURCES,
    YEARS, YES_NO, YES_NO_ASKED, YES_NO_ONLY, YES_NO_WORKER,
)
from records.migrations._fields import KeyHash, UniqueKeyField
from records.migrations._tables import (
    USER, Key, Record, Silent, Table, answer, breakable, breaks, check, deleted_newest, each, hashed_key, known,
)
from records.migrations._triggers import FOLLOWS_MERGE, NEVER_DELETED, NEVER_EDITED, changed

DATES_WITHIN = """
    PERFORM 1 FROM enrollments_enrollment WHERE id = {enrollment} FOR SHARE;
    IF EXISTS (
        SELECT 1 FROM enrollments_caseassignment assignment
        JOIN enrollments_enrollment enrollment ON enrollment.id = assignment.enrollment_id
        WHERE {rows} AND assignment.date_deleted IS NULL AND (
            assignment.begins_on < enrollment.entry_date
            OR assignment.begins_on > enrollment.exit_date
            OR assignment.ends_on > enrollment.exit_date
        )
    ) THEN
        RAISE EXCEPTION 'The dates of a case assignment must lie within those of its enrollment.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_within_enrollment',
            TABLE = 'enrollments_caseassignment';
    END IF;
    RETURN NULL;
"""
WITHIN_ENROLLMENT = DATES_WITHIN.format(enrollment='NEW.enrollment_id', rows='assignment.id = NEW.id')
COVERS_ASSIGNMENTS = DATES_WITHIN.format(enrollment='NEW.id', rows='enrollment.id = NEW.id')
HOUSEHOLD_HAS_HEAD = """
    IF TG_OP = 'INSERT' AND NEW.relationship_to_hoh = 1 AND NEW.date_deleted IS NULL THEN
        RETURN NULL;
    END IF;
    FOR household IN
        SELECT DISTINCT one FROM unnest(ARRAY[OLD.household_id, NEW.household_id]) AS one
        WHERE one IS NOT NULL ORDER BY one
    LOOP
        -- Two transactions that each take away another member would not see each other.
        PERFORM 1 FROM enrollments_household WHERE id = household FOR NO KEY UPDATE;
        IF EXISTS (
            SELECT 1 FROM enrollments_enrollment
            WHERE household_id = household AND date_deleted IS NULL AND NOT is_exempt
        ) AND NOT EXISTS (
            SELECT 1 FROM enrollments_enrollment
            WHERE household_id = household AND date_deleted IS NULL AND relationship_to_hoh = 1
        ) THEN
            RAISE EXCEPTION
                'A household needs a head: choose Self for one of its other members first.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'household_has_head',
                TABLE = 'enrollments_enrollment';
        END IF;
    END LOOP;
    RETURN NULL;
"""
EXEMPT_UNTIL_CHANGED = """
    IF OLD.is_exempt AND NEW.is_exempt AND (
        NEW.household_id, NEW.relationship_to_hoh, NEW.project_id, NEW.entry_date, NEW.exit_date
    ) IS DISTINCT FROM (
        OLD.household_id, OLD.relationship_to_hoh, OLD.project_id, OLD.entry_date, OLD.exit_date
    ) THEN
        NEW.is_exempt = FALSE;
    END IF;
    RETURN NEW;
"""

INCOME = [
    'earned', 'unemployment', 'ssi', 'ssdi', 'va_disability_service', 'va_disability_non_service', 'private_disability',
    'workers_comp', 'tanf', 'ga', 'soc_sec_retirement', 'pension', 'child_support', 'alimony', 'other_income_source',
]
BENEFITS = ['snap', 'wic', 'tanf_child_care', 'tanf_transportation', 'other_tanf', 'other_benefits_source']
INSURANCE = [
    'medicaid', 'medicare', 'schip', 'vha_services', 'employer_provided', 'cobra', 'private_pay', 'state_health_ins',
    'indian_health_services', 'other_insurance',
]
AMOUNTS = {source: f"{source.removesuffix('_source')}_amount" for source in INCOME}


def dated(name):
    """The first columns of an assessment, with their constraints."""
    yield from hashed_key('key', f'{name}_key_once')
    yield 'information_date', models.DateField()
    stages = models.PositiveSmallIntegerField(choices=STAGES)
    message = 'Choose one of the listed data collection stages.'
    yield from known('data_collection_stage', stages, f'{name}_stage_is_known', message)


def once(name, *more):
    """An enrollment has one assessment at its start, and one at its exit."""
    return UniqueConstraint(
        name=f'{name}_once_a_start_and_exit',
        fields=['enrollment', 'data_collection_stage', *more],
        condition=Q(~Q(breaks__contains=['once_a_start_and_exit']), data_collection_stage__in=[1, 3], date_deleted=None),
        violation_error_message='This enrollment has its answers at start or exit already.',
    )


def any_of(conditions):
    return functools.reduce(operator.or_, conditions)


def contradictions():
    """As `enrollments.contradictions`: answers on income, benefits and insurance that do not fit together."""
    yes = {name: Q(**{name: 1}) for name in (*INCOME, *BENEFITS, *INSURANCE)}
    above = {source: Q(**{f'{amount}__gt': 0}) for source, amount in AMOUNTS.items()}
    asked = {'income': INCOME, 'benefits': BENEFITS, 'insurance': INSURANCE}
    any_source = {name: Q(**{f'{name}_from_any_source': 1}) for name in asked}
    named = {name: any_of(yes[source] for source in sources) for name, sources in asked.items()}
    amounts = [functions.Coalesce(F(amount), Value(Decimal('0'))) for amount in AMOUNTS.values()]
    total = functools.reduce(operator.add, amounts)
    return any_of([
        *(any_source[name] & ~named[name] for name in asked),
        *(~any_source[name] & named[name] for name in asked),
        *(Q(**{f'{amount}__lt': 0}) for amount in AMOUNTS.values()),
        *(above[source] & ~yes[source] for source in INCOME),
        *(yes[source] & ~above[source] for source in INCOME),
        Q(total_monthly_income__isnull=False) & ~Q(total_monthly_income=total),
    ])


class Migration(migrations.Migration):
    initial = True

    dependencies = [('agencies', '0001_tables'), ('clients', '0001_tables')]

    operations = [AtOnce([
        Table('Household', [
            *hashed_key('household_id', 'household_key_once'),
            ('date_created', models.DateTimeField(auto_now_add=True)),
        ], history={}),
        Record('CaseAssignment', [
            ('begins_on', models.DateField(verbose_name='assignment beginning on', default=timezone.localdate)),
            ('ends_on', models.DateField(verbose_name='ending on', blank=True, null=True)),
            ('case_manager', Key(USER, PROTECT, related_name='case_assignments', db_index=False)),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss')),
            ('enrollment', Key('enrollments.enrollment', PROTECT, related_name='case_assignments')),
            check('assignment_ends_after_begin', Q(ends_on=None) | Q(ends_on__gte=F('begins_on')), 'The assignment cannot end before it begins.'),
            ExclusionConstraint(name='assignment_once_at_a_time', expressions=[('enrollment', '='), ('case_manager', '='), (Func('begins_on', 'ends_on', Value('[)'), function='daterange', output_field=DateRangeField()), '&&')], condition=Q(date_deleted=None), violation_error_message='This case manager is assigned to this enrollment already on these dates.'),
            Index(name='assignment_case_manager_end', fields=['case_manager', 'ends_on']),
            NEVER_DELETED,
            {'name': 'within_enrollment', 'constraint': 'CONSTRAINT', 'operation': 'INSERT OR UPDATE', 'timing': 'DEFERRABLE INITIALLY DEFERRED', 'func': WITHIN_ENROLLMENT},
        ], ordering=['-begins_on', '-pk'], history={'by_time': True}),
        Record('CurrentLivingSituation', [
            ('key', UniqueKeyField(max_length=32, unique=True, editable=False)),
            ('information_date', models.DateField(verbose_name='date of contact')),
            ('current_living_situation', models.PositiveSmallIntegerField(verbose_name='current living situation', choices=[*SITUATIONS, ('Other', [(17, 'Other'), (37, 'Worker unable to determine')]), NO_ANSWER])),
            ('cls_subsidy_type', answer(SUBSIDIES, 'Rental Subsidy Type')),
            ('verified_by', models.CharField(verbose_name='living situation verified by', max_length=200, blank=True)),
            *each(answer(YES_NO),
                leave_situation_14_days='Has to leave this situation within 14 days',
                subsequent_residence='Has a subsequent residence been identified?',
                resources_to_obtain='Has resources or support networks to obtain other permanent housing?',
                lease_own_60_day='Had a lease or owned permanent housing in the last 60 days?',
                moved_two_or_more='Has moved two or more times in the last 60 days?',
            ),
            ('location_details', models.CharField(max_length=250, blank=True)),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss')),
            ('enrollment', Key('enrollments.enrollment', PROTECT, related_name='current_living_situations', db_index=False)),
            breaks(),
            check('current_living_situation_is_known', Q(current_living_situation__in=[8, 9, 17, 37, 99, 101, 116, 118, 204, 205, 206, 207, 215, 225, 302, 314, 329, 332, 335, 336, 410, 411, 421, 435]), 'Choose one of the listed living situations.'),
            breakable('subsidy_of_a_subsidized_rental', Q(cls_subsidy_type=None) | Q(current_living_situation=435), 'Only a rental with subsidy has a rental subsidy type.'),
            breakable('next_home_of_who_has_to_leave', Q(lease_own_60_day=None, moved_two_or_more=None, resources_to_obtain=None, subsequent_residence=None) | Q(leave_situation_14_days=1, leave_situation_14_days__isnull=False), 'Only who has to leave is asked about what comes next.'),
            Index(name='living_by_enrollment', fields=['enrollment', '-information_date']),
            deleted_newest('living_deleted_newest'),
        ], ordering=['-information_date', '-pk'], history={}),
        Record('Disability', [
            *dated('disability'),
            *known('disability_type', models.PositiveSmallIntegerField(choices=[(5, 'Physical disability'), (6, 'Developmental disability'), (7, 'Chronic health condition'), (8, 'HIV/AIDS'), (9, 'Mental health disorder'), (10, 'Substance use disorder')]), 'disability_type_is_known', 'Choose one of the listed types of disability.'),
            ('disability_response', answer([(0, 'No'), (1, 'Alcohol use disorder'), (2, 'Drug use disorder'), (3, 'Both alcohol and drug use disorders'), NO_ANSWER])),
            *each(answer(YES_NO),
                'indefinite_and_impairs', anti_retroviral='Has been prescribed anti-retroviral drugs?',
                t_cell_count_available='T-Cell (CD4) Count Available',
            ),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)s_rows')),
            ('enrollment', Key('enrollments.enrollment', PROTECT, related_name='%(class)s_rows')),
            breaks(),
            *each(models.PositiveIntegerField(blank=True, null=True), t_cell_count='T-Cell (CD4) Count', viral_load='Viral Load'),
            *each(answer(VIRAL_SOURCES), t_cell_source='How the T-cell count was obtained', viral_load_source='How the viral load was obtained'),
            ('viral_load_available', answer([(0, 'Not available'), (1, 'Available'), (2, 'Undetectable'), NO_ANSWER], 'Viral Load Information Available')),
            once('disability_type', 'disability_type'),
            breakable('hiv_answers_of_hiv', Q(anti_retroviral=None, t_cell_count=None, t_cell_count_available=None, t_cell_source=None, viral_load=None, viral_load_available=None, viral_load_source=None) | Q(disability_response=1, disability_response__isnull=False, disability_type=8, disability_type__isnull=False), 'Only who has HIV/AIDS has counts and prescriptions.'),
            breakable('count_that_is_available', Q(Q(t_cell_count=None) | Q(t_cell_count_available__in=[1], t_cell_count_available__isnull=False), Q(t_cell_source=None) | Q(t_cell_count_available__in=[1], t_cell_count_available__isnull=False), Q(viral_load=None) | Q(viral_load_available__in=[1], viral_load_available__isnull=False), Q(viral_load_source=None) | Q(viral_load_available__in=[1], viral_load_available__isnull=False)), 'Only what is available has a count and a source.'),
            breakable('source_of_a_count', Q(Q(t_cell_source=None) | Q(t_cell_count__isnull=False), Q(viral_load_source=None) | Q(viral_load__isnull=False)), 'Enter the count, or take out how it was obtained.'),
        ], ordering=['-information_date', 'disability_type', '-pk'], verbose_name_plural='disabilities', history={}),
        Record('Enrollment', [
            *hashed_key('enrollment_id', 'enrollment_key_once'),
            ('entry_date', models.DateField(verbose_name='project start date')),
            *known('relationship_to_hoh', models.PositiveSmallIntegerField(verbose_name='relationship to head of household', default=99, choices=[(1, 'Self (head of household)'), (2, 'Child'), (3, 'Spouse or partner'), (4, 'Other relative'), (5, 'Unrelated household member'), NOT_COLLECTED]), 'relationship_is_known', 'Choose one of the listed relationships.'),
            ('enrollment_coc', models.CharField(verbose_name='enrollment CoC', max_length=6, blank=True)),
            ('living_situation', answer([*SITUATIONS, NO_ANSWER], 'Prior Living Situation')),
            *each(answer(SUBSIDIES), rental_subsidy_type='Rental Subsidy Type', destination_subsidy_type='Rental Subsidy Type'),
            ('length_of_stay', answer([(10, 'One night or less'), (11, 'Two to six nights'), (2, 'One week or more, but less than one month'), (3, 'One month or more, but less than 90 days'), (4, '90 days or more but less than one year'), (5, 'One year or longer'), NO_ANSWER], 'Length of Stay in Prior Living Situation')),
            *each(answer(YES_NO_ASKED),
                los_under_threshold='length of stay under the threshold',
                previous_street_essh='On the night before, stayed on the streets, in emergency shelter or safe haven',
                client_enrolled_in_path='Client became enrolled in PATH',
                client_leaseholder='Head of household is not a current leaseholder or renter',
                coc_prioritized='Household includes members of an overrepresented population',
                criminal_record='Criminal record for arson, drug dealing, or a felony (any adult)',
                current_pregnant='Currently pregnant (any household member)',
                disabled_hoh='Head of household has a disabling condition that affects housing',
                eligible_for_rhy='Youth eligible for RHY services', family_counseling='Family counseling', group_counseling='Group counseling',
                hh5_plus='Household of five or more that needs at least three bedrooms',
                hoh_leaseholder='Head of household has never been a leaseholder or renter', individual_counseling='Individual counseling',
                prison_discharge='Discharged from jail or prison within six months after 90 days or more',
                sex_offender='Registered sex offender (any household member)', single_parent='Single parent with minor children',
                subsidy_at_risk='At risk of losing a tenant-based subsidy, or housing in a subsidized unit',
                target_screen_reqd='Homelessness prevention targeting screener is required',
            ),
            *each(models.DateField(blank=True, null=True),
                'date_of_engagement', date_to_street_essh='Approximate date this episode of homelessness started',
                move_in_date='housing move-in date', exit_date='project exit date', aftercare_date='Aftercare Information Date',
                date_of_bcp_status='Date of BCP Status Determination', date_of_path_status='Date of PATH Status Determination',
            ),
            ('times_homeless_past_three_years', answer([(1, 'One time'), (2, 'Two times'), (3, 'Three times'), (4, 'Four or more times'), NO_ANSWER], 'Times on the streets, in emergency shelter or safe haven in the past three years')),
            ('months_homeless_past_three_years', answer([(101, '1'), (102, '2'), (103, '3'), (104, '4'), (105, '5'), (106, '6'), (107, '7'), (108, '8'), (109, '9'), (110, '10'), (111, '11'), (112, '12'), (113, 'More than 12 months'), NO_ANSWER], 'Months homeless on the streets, in emergency shelter or safe haven in those years')),
            *each(answer(YES_NO),
                disabling_condition='Disabling Condition', alcohol_drug_use_disorder_fam='Alcohol or Substance Use Disorder of a Family Member',
                asked_or_forced_to_exchange_for_sex='Ever made or persuaded to have sex in exchange for something',
                asked_or_forced_to_exchange_for_sex_past_three_months='Made or persuaded in the past three months',
                coerced_to_continue_work='Felt forced, pressured or tricked into continuing this work',
                destination_safe_client='Exit destination safe, as determined by the client',
                exchange_for_sex='Ever received anything in exchange for sexual relations',
                exchange_for_sex_past_three_months='Received something for sexual relations in the past three months',
                former_ward_child_welfare='Formerly a Ward of Child Welfare or Foster Care Agency',
                former_ward_juvenile_justice='Formerly a Ward of Juvenile Justice System', incarcerated_parent='Incarcerated Parent of Youth',
                insufficient_income='Insufficient Income to Support Youth',
                labor_exploit_past_three_months='Work like this in the past three months',
                mental_health_disorder_fam='Mental Health Disorder of a Family Member',
                physical_disability_fam='Physical Disability of a Family Member', runaway_youth='Runaway youth',
                unemployment_fam='Unemployment of a Family Member',
                work_place_violence_threats='Ever afraid to quit work because of threats of violence',
                workplace_promise_difference='Ever promised work or payment that turned out different',
            ),
            ('destination', answer([*SITUATIONS[:2], ('Temporary housing situations', [(302, 'Transitional housing for homeless persons (including homeless youth)'), (329, 'Residential project or halfway house with no homeless criteria'), (314, 'Hotel or motel paid for without emergency shelter voucher'), (332, 'Host Home (non-crisis)'), (312, 'Staying or living with family, temporary tenure (e.g. room, apartment or house)'), (313, 'Staying or living with friends, temporary tenure (e.g. room apartment or house)'), (327, 'Moved from one HOPWA funded project to HOPWA TH')]), ('Permanent housing situations', [(422, 'Staying or living with family, permanent tenure'), (423, 'Staying or living with friends, permanent tenure'), (426, 'Moved from one HOPWA funded project to HOPWA PH'), (410, 'Rental by client, no ongoing housing subsidy'), (435, 'Rental by client, with ongoing housing subsidy'), (421, 'Owned by client, with ongoing housing subsidy'), (411, 'Owned by client, no ongoing housing subsidy')]), ('Other', [(30, 'No exit interview completed'), (17, 'Other'), (24, 'Deceased')]), NO_ANSWER], 'Destination')),
            ('other_destination', models.CharField(max_length=50, blank=True)),
            ('is_exempt', models.BooleanField(default=False, db_default=False, editable=False)),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)ss', db_index=False)),
            ('project', Key('agencies.project', PROTECT, related_name='enrollments', db_index=False)),
            ('household', Key('enrollments.household', PROTECT, related_name='enrollments')),
            breaks(),
            ('aftercare_provided', answer([(0, 'No'), (1, 'Yes'), ('No answer', [(9, 'Client prefers not to answer')])], 'Aftercare was provided')),
            ('annual_percent_ami', answer([(0, '$0 (i.e., not employed, not receiving cash benefits, no other current income)'), (1, '1-14% of Area Median Income (AMI) for household size'), (2, '15-30% of AMI for household size'), (3, 'More than 30% of AMI for household size'), NOT_COLLECTED], 'Current household income')),
            *each(models.PositiveSmallIntegerField(blank=True, null=True),
                child_welfare_months='Number of months as a ward of child welfare',
                count_outreach_referral_approaches='Number of times approached by outreach before entering the project',
                hp_screening_score='HP applicant total points', juvenile_justice_months='Number of months as a ward of juvenile justice',
                session_count_at_exit='Number of counseling sessions received by exit',
                sessions_in_plan='Total number of counseling sessions planned', threshold_score='Grantee targeting threshold score',
            ),
            *each(answer(YEARS),
                child_welfare_years='Number of years as a ward of child welfare',
                juvenile_justice_years='Number of years as a ward of juvenile justice',
            ),
            ('cm_exit_reason', answer([(1, 'Accomplished goals and/or obtained services and no longer needs CM'), (2, 'Transferred to another HUD/VASH program site'), (3, 'Found/chose other housing'), (4, 'Did not comply with HUD/VASH CM'), (5, 'Eviction and/or other housing related issues'), (6, 'Unhappy with HUD/VASH housing'), (7, 'No longer financially eligible for HUD/VASH voucher'), (8, 'No longer interested in participating in this program'), (9, 'Veteran cannot be located'), (10, 'Veteran too ill to participate at this time'), (11, 'Veteran is incarcerated'), (12, 'Veteran is deceased'), (13, 'Other')], 'Case Management Exit Reason')),
            *each(answer(YES_NO_ONLY),
                counseling_received='Counseling received by the client', email_social_media='Aftercare by email or social media',
                in_person_group='Aftercare by meeting in person: group', in_person_individual='Aftercare by meeting in person: one-on-one',
                post_exit_counseling_plan='A plan is in place to start or continue counseling after exit', telephone='Aftercare by telephone',
            ),
            ('count_of_exchange_for_sex', answer([(1, '1-3'), (2, '4-7'), (3, '8-11'), (4, '12 or more'), NO_ANSWER], 'How many times received something for sexual relations')),
            ('dependent_under6', answer([(0, 'No'), (1, 'Youngest child is under 1 year old'), (2, 'Youngest child is 1 to 6 years old and/or one or more children (any age) require significant care'), NOT_COLLECTED], 'Young children, or a child who requires significant care')),
            *each(answer(YES_NO_WORKER),
                destination_safe_worker='Exit destination safe, as determined by the caseworker',
                pos_adult_connections='Permanent positive adult connections outside of the project',
                pos_community_connections='Permanent positive community connections outside of the project',
                pos_peer_connections='Permanent positive peer connections outside of the project',
            ),
            ('early_exit_reason', answer([(1, 'Criminal activity/destruction of property/violence'), (2, 'Non-compliance with project rules'), (3, 'Non-payment of rent/occupancy charge'), (4, 'Reached maximum time allowed by project'), (5, 'Project terminated'), (6, 'Unknown/disappeared')], 'Reason for involuntary discharge')),
            ('eviction_history', answer([(0, 'No prior rental evictions'), (1, '1 prior rental eviction'), (2, '2 or more prior rental evictions'), NOT_COLLECTED], 'Rental evictions within the past seven years (any adult)')),
            ('exit_id', UniqueKeyField(max_length=32, db_default=functions.Replace(functions.Cast(RandomUUID(), models.TextField()), Value('-'), Value('')), editable=False)),
            ('housing_assessment', answer([(1, 'Able to maintain the housing they had at project entry'), (2, 'Moved to new housing unit'), (3, 'Moved in with family/friends on a temporary basis'), (4, 'Moved in with family/friends on a permanent basis'), (5, 'Moved to a transitional or temporary housing facility or program'), (6, 'Client became homeless - moving to a shelter or other place unfit for human habitation'), (7, 'Jail/prison'), (10, 'Deceased'), NO_ANSWER], 'Housing Assessment at Exit')),
            ('incarcerated_adult', answer([(0, 'Not incarcerated'), (1, 'Incarcerated once'), (2, 'Incarcerated two or more times'), NOT_COLLECTED], 'Incarcerated as an adult (any adult)')),
            ('literal_homeless_history', answer([(0, 'Most recent episode occurred in the last year'), (1, 'Most recent episode occurred more than one year ago'), (2, 'None'), NOT_COLLECTED], 'History of literal homelessness (any adult)')),
            ('mental_health_consultation', answer([(1, 'Mental health consultation completed'), (2, 'Mental health consultation being coordinated/arranged with VA provider'), (3, 'Mental health consultation being coordinated/arranged with other provider'), (4, 'Offer declined')], 'Mental Health Consultation')),
            ('percent_ami', answer([(1, '30% or less'), (2, '31% to 50%'), (3, '51% to 80%'), (4, '81% or greater'), NOT_COLLECTED], 'Household Income as a Percentage of AMI')),
            ('project_completion_status', answer([(1, 'Completed project'), (2, 'Client voluntarily left early'), (3, 'Client was expelled or otherwise involuntarily discharged from project')], 'Project Completion Status')),
            ('reason_no_services', answer([(1, 'Out of age range'), (2, 'Ward of the state'), (3, 'Ward of the criminal justice system'), (4, 'Other'), NOT_COLLECTED], 'Reason services are not funded by the BCP grant')),
            ('reason_not_enrolled', answer([(1, 'Client was found ineligible for PATH'), (2, 'Client was not enrolled for other reason(s)'), (3, 'Unable to locate client')], 'Reason not enrolled in PATH')),
            ('referral_source', answer([(1, 'Self-referral'), (2, 'Individual: Parent/Guardian/Relative/Friend/Foster Parent/Other Individual'), (7, 'Outreach Project'), (11, 'Temporary Shelter'), (18, 'Residential Project'), (28, 'Hotline'), (30, 'Child Welfare/CPS'), (34, 'Juvenile Justice'), (35, 'Law Enforcement/Police'), (37, 'Mental Hospital'), (38, 'School'), (39, 'Other organization'), NO_ANSWER], 'Referral Source')),
            ('subsidy_information', answer([(1, 'Without a subsidy'), (2, 'With the subsidy they had at project entry'), (3, 'With an on-going subsidy acquired since project entry'), (4, 'Only with financial assistance other than a subsidy'), (11, 'With on-going subsidy'), (12, 'Without an on-going subsidy')], 'Subsidy Information')),
            ('time_to_housing_loss', answer([(0, '1-6 days'), (1, '7-13 days'), (2, '14-21 days'), (3, 'More than 21 days'), NOT_COLLECTED], 'Housing loss expected within')),
            ('vamc_station', models.CharField(verbose_name='VAMC Station Number', max_length=5, blank=True, db_default='', choices=[('402', '(402) Togus, ME'), ('405', '(405) White River Junction, VT'), ('436', '(436) Montana HCS'), ('437', '(437) Fargo, ND'), ('438', '(438) Sioux Falls, SD'), ('442', '(442) Cheyenne, WY'), ('459', '(459) Honolulu, HI'), ('460', '(460) Wilmington, DE'), ('463', '(463) Anchorage, AK'), ('501', '(501) New Mexico HCS'), ('502', '(502) Alexandria, LA'), ('503', '(503) Altoona, PA'), ('504', '(504) Amarillo, TX'), ('506', '(506) Ann Arbor, MI'), ('508', '(508) Atlanta, GA'), ('509', '(509) Augusta, GA'), ('512', '(512) Baltimore HCS, MD'), ('515', '(515) Battle Creek, MI'), ('516', '(516) Bay Pines, FL'), ('517', '(517) Beckley, WV'), ('518', '(518) Bedford, MA'), ('519', '(519) Big Spring, TX'), ('520', '(520) Gulf Coast HCS, MS'), ('521', '(521) Birmingham, AL'), ('523', '(523) VA Boston HCS, MA'), ('526', '(526) Bronx, NY'), ('528', '(528) Western New York, NY'), ('529', '(529) Butler, PA'), ('531', '(531) Boise, ID'), ('534', '(534) Charleston, SC'), ('537', '(537) Jesse Brown VAMC (Chicago), IL'), ('538', '(538) Chillicothe, OH'), ('539', '(539) Cincinnati, OH'), ('540', '(540) Clarksburg, WV'), ('541', '(541) Cleveland, OH'), ('542', '(542) Coatesville, PA'), ('544', '(544) Columbia, SC'), ('546', '(546) Miami, FL'), ('548', '(548) West Palm Beach, FL'), ('549', '(549) Dallas, TX'), ('550', '(550) Danville, IL'), ('552', '(552) Dayton, OH'), ('553', '(553) Detroit, MI'), ('554', '(554) Denver, CO'), ('556', '(556) Captain James A Lovell FHCC'), ('557', '(557) Dublin, GA'), ('558', '(558) Durham, NC'), ('561', '(561) New Jersey HCS, NJ'), ('562', '(562) Erie, PA'), ('564', '(564) Fayetteville, AR'), ('565', '(565) Fayetteville, NC'), ('568', '(568) Black Hills HCS, SD'), ('570', '(570) Fresno, CA'), ('573', '(573) Gainesville, FL'), ('575', '(575) Grand Junction, CO'), ('578', '(578) Hines, IL'), ('580', '(580) Houston, TX'), ('581', '(581) Huntington, WV'), ('583', '(583) Indianapolis, IN'), ('585', '(585) Iron Mountain, MI'), ('586', '(586) Jackson, MS'), ('589', '(589) Kansas City, MO'), ('590', '(590) Hampton, VA'), ('593', '(593) Las Vegas, NV'), ('595', '(595) Lebanon, PA'), ('596', '(596) Lexington, KY'), ('598', '(598) Little Rock, AR'), ('600', '(600) Long Beach, CA'), ('603', '(603) Louisville, KY'), ('605', '(605) Loma Linda, CA'), ('607', '(607) Madison, WI'), ('608', '(608) Manchester, NH'), ('610', '(610) Northern Indiana HCS, IN'), ('612', '(612) N. California, CA'), ('613', '(613) Martinsburg, WV'), ('614', '(614) Memphis, TN'), ('618', '(618) Minneapolis, MN'), ('619', '(619) Central Alabama Veterans HCS, AL'), ('620', '(620) VA Hudson Valley HCS, NY'), ('621', '(621) Mountain Home, TN'), ('623', '(623) Muskogee, OK'), ('626', '(626) Middle Tennessee HCS, TN'), ('629', '(629) New Orleans, LA'), ('630', '(630) New York Harbor HCS, NY'), ('631', '(631) VA Central Western Massachusetts HCS'), ('632', '(632) Northport, NY'), ('635', '(635) Oklahoma City, OK'), ('636', '(636) Nebraska-W Iowa, NE'), ('637', '(637) Asheville, NC'), ('640', '(640) Palo Alto, CA'), ('642', '(642) Philadelphia, PA'), ('644', '(644) Phoenix, AZ'), ('646', '(646) Pittsburgh, PA'), ('648', '(648) Portland, OR'), ('649', '(649) Northern Arizona HCS'), ('650', '(650) Providence, RI'), ('652', '(652) Richmond, VA'), ('653', '(653) Roseburg, OR'), ('654', '(654) Reno, NV'), ('655', '(655) Saginaw, MI'), ('656', '(656) St. Cloud, MN'), ('657', '(657) St. Louis, MO'), ('658', '(658) Salem, VA'), ('659', '(659) Salisbury, NC'), ('660', '(660) Salt Lake City, UT'), ('662', '(662) San Francisco, CA'), ('663', '(663) VA Puget Sound, WA'), ('664', '(664) San Diego, CA'), ('666', '(666) Sheridan, WY'), ('667', '(667) Shreveport, LA'), ('668', '(668) Spokane, WA'), ('671', '(671) San Antonio, TX'), ('672', '(672) San Juan, PR'), ('673', '(673) Tampa, FL'), ('674', '(674) Temple, TX'), ('675', '(675) Orlando, FL'), ('676', '(676) Tomah, WI'), ('678', '(678) Southern Arizona HCS'), ('679', '(679) Tuscaloosa, AL'), ('687', '(687) Walla Walla, WA'), ('688', '(688) Washington, DC'), ('689', '(689) VA Connecticut HCS, CT'), ('691', '(691) Greater Los Angeles HCS'), ('692', '(692) White City, OR'), ('693', '(693) Wilkes-Barre, PA'), ('695', '(695) Milwaukee, WI'), ('740', '(740) VA Texas Valley Coastal Bend HCS'), ('756', '(756) El Paso, TX'), ('757', '(757) Columbus, OH'), ('459GE', '(459GE) Guam'), ('528A5', '(528A5) Canandaigua, NY'), ('528A6', '(528A6) Bath, NY'), ('528A7', '(528A7) Syracuse, NY'), ('528A8', '(528A8) Albany, NY'), ('589A4', '(589A4) Columbia, MO'), ('589A5', '(589A5) Kansas City, MO'), ('589A6', '(589A6) Eastern KS HCS, KS'), ('589A7', '(589A7) Wichita, KS'), ('636A6', '(636A6) Central Iowa, IA'), ('636A8', '(636A8) Iowa City, IA'), ('657A4', '(657A4) Poplar Bluff, MO'), ('657A5', '(657A5) Marion, IL'), ('No answer', [('99', 'Data not collected')])])),
            check('destination_only_at_exit', Q(exit_date__isnull=False) | Q(destination=None, other_destination=''), 'Enter the exit date of this destination.'),
            UniqueConstraint(name='person_once_in_household', fields=['household', 'client'], condition=Q(date_deleted=None, is_exempt=False), violation_error_message='This person is in the household already.'),
            ExclusionConstraint(name='enrollments_do_not_overlap', expressions=[('client', '='), ('project', '='), (Func(Func('entry_date', 'exit_date', Value('[)'), function='daterange', output_field=DateRangeField()), Func('entry_date', 'entry_date', Value('[]'), function='daterange', output_field=DateRangeField()), function='range_merge', output_field=DateRangeField()), '&&')], condition=Q(date_deleted=None, is_exempt=False), violation_error_message='This client is already enrolled in this project on these dates. Exit or delete that enrollment first.'),
            breakable('exit_not_before_entry', Q(exit_date=None) | Q(exit_date__gte=F('entry_date')), 'Exit date cannot be before entry date.'),
            UniqueConstraint(name='one_head_in_household', fields=['household'], condition=Q(date_deleted=None, is_exempt=False, relationship_to_hoh=1), violation_error_message='A household has one head: choose Self for one member.'),
            ExclusionConstraint(name='household_in_one_project', expressions=[('household', '='), ('project', '<>')], condition=Q(date_deleted=None, is_exempt=False), violation_error_message='All members of a household enter the same project.'),
            check('program_answers_only_at_exit', Q(exit_date__isnull=False) | Q(aftercare_date=None, aftercare_provided=None, asked_or_forced_to_exchange_for_sex=None, asked_or_forced_to_exchange_for_sex_past_three_months=None, cm_exit_reason=None, coerced_to_continue_work=None, counseling_received=None, count_of_exchange_for_sex=None, destination_safe_client=None, destination_safe_worker=None, early_exit_reason=None, email_social_media=None, exchange_for_sex=None, exchange_for_sex_past_three_months=None, family_counseling=None, group_counseling=None, housing_assessment=None, in_person_group=None, in_person_individual=None, individual_counseling=None, labor_exploit_past_three_months=None, pos_adult_connections=None, pos_community_connections=None, pos_peer_connections=None, post_exit_counseling_plan=None, project_completion_status=None, session_count_at_exit=None, sessions_in_plan=None, subsidy_information=None, telephone=None, work_place_violence_threats=None, workplace_promise_difference=None), 'Enter the exit date of these answers.'),
            UniqueConstraint(KeyHash('exit_id'), name='exit_key_once', violation_error_message='Another row has this key.'),
            Index(name='enrollment_client_project', fields=['client', 'project']),
            Index(name='enrollment_project_entry', fields=['project', 'entry_date']),
            deleted_newest('enrollment_deleted_newest'),
            Index(name='enrollment_exempt', fields=['organization'], condition=Q(date_deleted=None, is_exempt=True)),
            Index('organization', F('id').desc(), name='enrollment_of_organization'),
            Index('organization', F('client').desc(), name='enrollment_clients_newest'),
            {'name': 'covers_assignments', 'constraint': 'CONSTRAINT', 'operation': 'UPDATE OF "entry_date", "exit_date"', 'timing': 'DEFERRABLE INITIALLY DEFERRED', 'func': COVERS_ASSIGNMENTS},
            {'name': 'household_has_head', 'declare': 'DECLARE household bigint;', 'constraint': 'CONSTRAINT', 'operation': 'INSERT OR DELETE', 'timing': 'DEFERRABLE INITIALLY DEFERRED', 'func': HOUSEHOLD_HAS_HEAD},
            {'name': 'household_keeps_head', 'declare': 'DECLARE household bigint;', 'constraint': 'CONSTRAINT', 'operation': 'UPDATE', 'timing': 'DEFERRABLE INITIALLY DEFERRED', 'condition': changed('date_deleted', 'household_id', 'is_exempt', 'relationship_to_hoh'), 'func': HOUSEHOLD_HAS_HEAD},
            {'name': 'exempt_until_changed', 'when': 'BEFORE', 'operation': 'UPDATE', 'condition': 'WHEN (NEW."is_exempt" AND OLD."is_exempt")', 'func': EXEMPT_UNTIL_CHANGED},
        ], history={'exclude': ['exit_id'], 'by_time': True}),
        Record('HealthAndDV', [
            *dated('healthanddv'),
            *each(answer(YES_NO),
                domestic_violence_survivor='Survivor of Domestic Violence', currently_fleeing='Currently Fleeing',
                pregnancy_status='Pregnancy Status',
            ),
            ('when_occurred', answer([(1, 'Within the past three months'), (2, 'Three to six months ago (excluding six months exactly)'), (3, 'Six months to one year ago (excluding one year exactly)'), (4, 'One year or more'), NO_ANSWER], 'When Experience Occurred')),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)s_rows')),
            ('enrollment', Key('enrollments.enrollment', PROTECT, related_name='%(class)s_rows')),
            breaks(),
            *each(answer(HEALTH),
                dental_health_status='Dental Health Status', general_health_status='General Health Status',
                mental_health_status='Mental Health Status',
            ),
            ('due_date', models.DateField(verbose_name='Due Date', blank=True, null=True)),
            once('healthanddv'),
            breakable('due_date_of_a_pregnancy', Q(due_date=None) | Q(pregnancy_status__in=[1], pregnancy_status__isnull=False), 'Only a pregnancy has a due date.'),
        ], ordering=['-information_date', '-pk'], verbose_name='health and DV', verbose_name_plural='health and DV', history={}),
        Record('IncomeBenefits', [
            *dated('incomebenefits'),
            *each(answer(YES_NO),
                'income_from_any_source', 'benefits_from_any_source', 'insurance_from_any_source',
                adap='Receiving AIDS Drug Assistance Program (ADAP)', connection_with_soar='Connection with SOAR',
                ryan_white_med_dent='Receiving Ryan White-funded Medical or Dental Assistance',
            ),
            *each(models.DecimalField(blank=True, null=True, max_digits=8, decimal_places=2), 'total_monthly_income', *AMOUNTS.values()),
            *each(answer(YES_NO_ASKED), *INCOME, *BENEFITS, *INSURANCE),
            *each(models.CharField(max_length=50, blank=True), 'other_income_source_identify', 'other_benefits_source_identify', 'other_insurance_identify'),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)s_rows')),
            ('enrollment', Key('enrollments.enrollment', PROTECT, related_name='%(class)s_rows')),
            breaks(),
            *each(answer(NO_HIV_PROGRAM),
                no_adap_reason='Reason for not receiving ADAP', no_ryan_white_reason='Reason for not receiving Ryan White-funded assistance',
            ),
            *each(answer(NO_INSURANCE),
                'no_cobra_reason', 'no_employer_provided_reason', 'no_indian_health_services_reason', 'no_medicaid_reason', 'no_medicare_reason',
                'no_private_pay_reason', 'no_schip_reason', 'no_state_health_ins_reason', 'no_vha_reason',
            ),
            once('incomebenefits'),
            breakable('reason_not_insured', Q(Q(no_medicaid_reason=None) | Q(medicaid=0, medicaid__isnull=False), Q(no_medicare_reason=None) | Q(medicare=0, medicare__isnull=False), Q(no_schip_reason=None) | Q(schip=0, schip__isnull=False), Q(no_vha_reason=None) | Q(vha_services=0, vha_services__isnull=False), Q(no_employer_provided_reason=None) | Q(employer_provided=0, employer_provided__isnull=False), Q(no_cobra_reason=None) | Q(cobra=0, cobra__isnull=False), Q(no_private_pay_reason=None) | Q(private_pay=0, private_pay__isnull=False), Q(no_state_health_ins_reason=None) | Q(state_health_ins=0, state_health_ins__isnull=False), Q(no_indian_health_services_reason=None) | Q(indian_health_services=0, indian_health_services__isnull=False)), 'Only who does not have an insurance has a reason.'),
            breakable('reason_without_assistance', Q(Q(no_adap_reason=None) | Q(adap__in=[0], adap__isnull=False), Q(no_ryan_white_reason=None) | Q(ryan_white_med_dent__in=[0], ryan_white_med_dent__isnull=False)), 'Only who does not receive the assistance has a reason not to.'),
            Index(name='income_contradicts', fields=['id'], condition=contradictions()),
            Index(name='income_annual', fields=['enrollment'], condition=Q(data_collection_stage=5)),
            Index('organization', F('id').desc(), name='income_of_organization'),
        ], ordering=['-information_date', '-pk'], verbose_name_plural='income and benefits', history={}),
        Table('IntakeDraft', [
            ('id', models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False, serialize=False)),
            *known('kind', models.CharField(max_length=10, default='intake', choices=[('intake', 'Intake'), ('reopen', 'Re-opened enrollment'), ('member', 'Add Household Member'), ('update', 'Update assessment'), ('annual', 'Annual assessment'), ('exit', 'Exit assessment'), ('departure', 'Exit')]), 'draft_kind_is_known', 'Choose a kind of intake.'),
            ('step', models.CharField(max_length=20)),
            ('answers_json', models.TextField(blank=True)),
            ('version', models.PositiveIntegerField(default=0)),
            *each(models.DateTimeField(default=timezone.now), 'started_at', 'updated_at'),
            *each(models.DateTimeField(blank=True, null=True), 'finished_at', 'discarded_at'),
            ('client', Key('clients.client', PROTECT, related_name='+')),
            ('created_by', Key(USER, PROTECT, related_name='intake_drafts', db_index=False)),
            ('household', Key('enrollments.household', PROTECT, blank=True, null=True, related_name='+')),
            ('organization', Silent('agencies.organization')),
            check('draft_of_a_household', Q(kind='intake') | Q(household__isnull=False), 'An assessment is about a household that is enrolled.'),
            check('draft_finished_keeps_no_answers', Q(finished_at=None) | Q(answers_json='', household__isnull=False), 'A finished intake has its household and no answers.'),
            Index(name='draft_paused_by_owner', fields=['created_by', '-updated_at'], condition=Q(discarded_at=None, finished_at=None)),
            Index(name='draft_paused_of_organization', fields=['organization', 'updated_at'], condition=Q(discarded_at=None, finished_at=None)),
            Index(name='draft_discarded', fields=['discarded_at'], condition=Q(~Q(answers_json=''), discarded_at__isnull=False)),
            FOLLOWS_MERGE,
        ], ordering=['-updated_at']),
        Record('EmploymentEducation', [
            breaks(),
            *dated('employmenteducation'),
            ('employed', answer(YES_NO, 'Employed')),
            ('employment_type', answer([(1, 'Full-time'), (2, 'Part-time'), (3, 'Seasonal / sporadic (including day labor)'), NOT_COLLECTED], 'Type of Employment')),
            ('not_employed_reason', answer([(1, 'Looking for work'), (2, 'Unable to work'), (3, 'Not looking for work'), NOT_COLLECTED], 'Why Not Employed')),
            ('last_grade_completed', answer([(1, 'Less than grade 5'), (2, 'Grades 5-6'), (3, 'Grades 7-8'), (4, 'Grades 9-11'), (5, 'Grade 12'), (6, 'School program does not have grade levels'), (7, 'GED'), (10, 'Some college'), (11, "Associate's degree"), (12, "Bachelor's degree"), (13, 'Graduate degree'), (14, 'Vocational certification'), NO_ANSWER], 'Last Grade Completed')),
            ('school_status', answer([(1, 'Attending school regularly'), (2, 'Attending school irregularly'), (3, 'Graduated from high school'), (4, 'Obtained GED'), (5, 'Dropped out'), (6, 'Suspended'), (7, 'Expelled'), NO_ANSWER], 'School Status')),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)s_rows')),
            ('enrollment', Key('enrollments.enrollment', PROTECT, related_name='%(class)s_rows')),
            once('employmenteducation'),
            breakable('employment_as_answered', Q(Q(employment_type=None) | Q(employed__in=[1], employed__isnull=False), Q(not_employed_reason=None) | Q(employed__in=[0], employed__isnull=False)), 'Only the employed have a type of employment, and the others a reason.'),
        ], ordering=['-information_date', '-pk'], verbose_name='employment and education', verbose_name_plural='employment and education', history={}),
        Record('YouthEducationStatus', [
            breaks(),
            *dated('youtheducationstatus'),
            ('current_school_attend', answer([(0, 'Not currently enrolled in any school or educational course'), (1, 'Currently enrolled but NOT attending regularly (when school or the course is in session)'), (2, 'Currently enrolled and attending regularly (when school or the course is in session)'), NO_ANSWER], 'Current School Enrollment and Attendance')),
            ('most_recent_ed_status', answer([(0, 'K12: Graduated from high school'), (1, 'K12: Obtained GED'), (2, 'K12: Dropped out'), (3, 'K12: Suspended'), (4, 'K12: Expelled'), (5, 'Higher education: Pursuing a credential but not currently attending'), (6, 'Higher education: Dropped out'), (7, 'Higher education: Obtained a credential/degree'), NO_ANSWER], 'Most Recent Educational Status')),
            ('current_ed_status', answer([(0, 'Pursuing a high school diploma or GED'), (1, "Pursuing Associate's Degree"), (2, "Pursuing Bachelor's Degree"), (3, 'Pursuing Graduate Degree'), (4, 'Pursuing other post-secondary credential'), NO_ANSWER], 'Current Educational Status')),
            ('client', Key('clients.client', PROTECT, editable=False, related_name='%(class)s_rows')),
            ('enrollment', Key('enrollments.enrollment', PROTECT, related_name='%(class)s_rows')),
            once('youtheducationstatus'),
            breakable('education_as_attended', Q(Q(most_recent_ed_status=None) | Q(current_school_attend__in=[0], current_school_attend__isnull=False), Q(current_ed_status=None) | Q(current_school_attend__in=[1, 2], current_school_attend__isnull=False)), 'What is pursued is asked of the enrolled, how it ended of the others.'),
        ], ordering=['-information_date', '-pk'], verbose_name='youth education status', verbose_name_plural='youth education status', history={}),
        Table('HouseholdChange', [
            ('kind', models.CharField(max_length=5, choices=[('head', 'Head of household changed'), ('split', 'Household split')])),
            ('happened_on', models.DateField(verbose_name='from')),
            ('date_created', models.DateTimeField(default=timezone.now)),
            ('date_undone', models.DateTimeField(blank=True, null=True)),
            ('written', models.JSONField(blank=True, default=dict, editable=False)),
            ('created_by', Silent(USER)),
            ('enrollment', Silent('enrollments.enrollment')),
            ('former_head', Silent('enrollments.enrollment', blank=True, null=True)),
            ('household', Key('enrollments.household', PROTECT, related_name='changes')),
            ('new_household', Key('enrollments.household', PROTECT, blank=True, null=True, related_name='origins')),
            ('undone_by', Silent(USER, blank=True, null=True)),
            check('household_change_is_whole', Q(kind='head', new_household=None) | Q(former_head=None, kind='split', new_household__isnull=False), 'A split has the new household; a new head has none.'),
            check('household_splits_into_another', Q(new_household=None) | ~Q(new_household=F('household')), 'Members who go need another household.'),
            check('household_change_undone_by_somebody', Q(date_undone=None, undone_by=None) | Q(date_undone__isnull=False, undone_by__isnull=False), 'What is undone has a user and a moment.'),
            NEVER_DELETED,
            {**NEVER_EDITED, 'condition': changed('id', 'kind', 'household_id', 'enrollment_id', 'former_head_id', 'new_household_id', 'happened_on', 'created_by_id', 'date_created', 'written')},
        ], ordering=['-happened_on', '-pk']),
    ])]
