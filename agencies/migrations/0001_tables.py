from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MinValueValidator, RegexValidator
from django.db import migrations, models
from django.db.models import CASCADE, PROTECT, SET_NULL, F, Index, Q, UniqueConstraint, Value, functions
from django.utils import timezone

from records.migrations._at_once import AtOnce
from records.migrations._choices import ROLES, SECURITY_EVENTS, SHARING, YES_NO_ONLY
from records.migrations._fields import UniqueKeyField
from records.migrations._tables import USER, Key, Silent, Table, answer, breakable, breaks, check, each, known
from records.migrations._triggers import NEVER_DELETED, ONLY_ADDED

# A new organization waits for a change of this row, and follows it.
THE_ONE = """
    INSERT INTO agencies_sharingpolicy (id, policy, date_updated) VALUES (1, 'open', now())
    ON CONFLICT (id) DO NOTHING
"""
KEEPS_SHARING_IN_FORCE = """
    SELECT policy INTO common FROM agencies_sharingpolicy FOR SHARE;
    NEW.sharing_in_force = CASE
        WHEN 'required' IN (NEW.sharing, COALESCE(common, '')) THEN 'required'
        WHEN 'parts' IN (NEW.sharing, COALESCE(common, '')) THEN 'parts'
        ELSE 'open'
    END;
    RETURN NEW;
"""
ORGANIZATIONS_FOLLOW = """
    UPDATE agencies_organization SET sharing = sharing;
    RETURN NULL;
"""


def descriptor(key):
    """The first columns of what HUD asks of a project: its key, and when it was written."""
    yield breaks()
    yield from each(models.DateTimeField(default=timezone.now, editable=False), 'date_created', 'date_updated')
    yield 'date_deleted', models.DateTimeField(blank=True, null=True, editable=False)
    yield key, UniqueKeyField(max_length=32, unique=True, editable=False)


def of_project(related_name):
    """Who wrote it, and the project."""
    yield from each(Silent(USER, null=True, editable=False), 'created_by', 'updated_by')
    yield 'project', Key('agencies.project', CASCADE, related_name=related_name)


class Migration(migrations.Migration):
    initial = True

    dependencies = [('auth', '0012_alter_user_first_name_max_length')]

    operations = [
        AtOnce([
            Table('AttemptCount', [
                ('key', UniqueKeyField(primary_key=True, max_length=64, serialize=False)),
                ('attempts', models.PositiveIntegerField()),
                ('ends_at', models.DateTimeField(db_index=True)),
            ]),
            Table('User', [
                ('password', models.CharField(verbose_name='password', max_length=128)),
                ('last_login', models.DateTimeField(verbose_name='last login', blank=True, null=True)),
                ('is_superuser', models.BooleanField(verbose_name='superuser status', default=False, help_text='Designates that this user has all permissions without explicitly assigning them.')),
                *each(models.CharField(max_length=150, blank=True), first_name='first name', last_name='last name'),
                ('is_staff', models.BooleanField(verbose_name='staff status', default=False, help_text='Designates whether the user can log into this admin site.')),
                ('is_active', models.BooleanField(verbose_name='active', default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.')),
                ('date_joined', models.DateTimeField(verbose_name='date joined', default=timezone.now)),
                ('email', models.EmailField(verbose_name='e-mail', max_length=254, unique=True)),
                ('pinned', ArrayField(blank=True, default=list, editable=False, base_field=models.CharField(max_length=40), size=30)),
                ('sessions_round', models.PositiveIntegerField(default=0, db_default=0, editable=False)),
                ('groups', models.ManyToManyField('auth.group', verbose_name='groups', blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user')),
                ('user_permissions', models.ManyToManyField('auth.permission', verbose_name='user permissions', blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user')),
                ('date_deleted', models.DateTimeField(blank=True, null=True, editable=False)),
                ('date_updated', models.DateTimeField(db_default=functions.Now(), auto_now=True)),
                ('user_extension', models.CharField(verbose_name='extension', max_length=5, blank=True, db_default='', validators=[RegexValidator('^[0-9]{1,5}$', 'Enter up to five digits.')])),
                ('user_id', UniqueKeyField(max_length=32, unique=True, db_default=functions.Replace(functions.Cast(RandomUUID(), models.CharField()), Value('-'), Value('')), editable=False)),
                ('user_phone', models.CharField(verbose_name='phone', max_length=10, blank=True, db_default='', help_text="Ten digits, for HUD's export.", validators=[RegexValidator('^[0-9]{10}$', 'Enter ten digits, without spaces or dashes.')])),
                check('user_email_is_lower_case', Q(email=functions.Lower(F('email'))), 'Write the e-mail address in small letters.'),
            ], ordering=['last_name', 'first_name', 'email'], history={'exclude': ['password', 'last_login', 'pinned', 'sessions_round', 'groups', 'user_permissions', 'date_updated', 'user_id'], 'by_time': True}),
            Table('FactorReset', [
                *known('identified', models.CharField(max_length=20, choices=[('in_person', 'In person, with an identity document or staff badge'), ('video', 'In a video call, with an identity document or staff badge'), ('called_back', 'Called back at the number that the agency has on file'), ('supervisor', 'Confirmed by the supervisor, whom I asked myself')]), 'factor_reset_identified', 'Say how you made sure who asks.'),
                ('created_at', models.DateTimeField(default=timezone.now)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('by', Key(USER, SET_NULL, null=True, related_name='+', db_index=False)),
                ('user', Key(USER, CASCADE, related_name='+')),
                UniqueConstraint(name='factor_reset_open_once', fields=['user'], condition=Q(ended_at=None), violation_error_message='Two-step log-in of this user has been reset already.'),
            ], ordering=['-created_at']),
            Table('KnownBrowser', [
                ('digest', models.CharField(max_length=64)),
                *each(models.DateTimeField(default=timezone.now), 'first_used_at', 'last_used_at'),
                ('user', Key(USER, CASCADE, related_name='known_browsers', db_index=False)),
                UniqueConstraint(name='known_browser_once', fields=['user', 'digest'], violation_error_message='This browser is known already.'),
            ]),
            Table('Membership', [
                *known('role', models.CharField(max_length=20, default='case_manager', choices=ROLES), 'membership_role_is_known', 'Choose case manager or Data Quality Officer.'),
                ('may_reveal_ssn', models.BooleanField(verbose_name='may reveal SSNs', default=True, db_default=True, help_text='Without it, this user sees the last four digits only.')),
                ('date_created', models.DateTimeField(auto_now_add=True)),
                ('user', Key(USER, CASCADE, related_name='memberships', db_index=False)),
                ('organization', Key('agencies.organization', CASCADE, related_name='memberships')),
                UniqueConstraint(name='membership_once', fields=['user', 'organization'], violation_error_message='This user already has access to that organization.'),
            ], ordering=['organization__organization_name'], history={'read_by': ['user'], 'by_time': True}),
            Table('Organization', [
                ('organization_id', UniqueKeyField(max_length=32, unique=True, editable=False)),
                ('organization_name', models.CharField(max_length=200)),
                ('organization_common_name', models.CharField(max_length=200, blank=True)),
                ('victim_service_provider', models.BooleanField(default=False, help_text='New clients of a victim service provider are seen by its own users only.')),
                ('allows_emergency_access', models.BooleanField(default=True, db_default=True, help_text='In an emergency others may read your restricted clients for some hours; you are notified. Never those of a victim service provider.')),
                ('is_cas', models.BooleanField(verbose_name='coordinated access', default=False, help_text='Runs the Coordinated Access System: its users see document checks.')),
                *each(models.DateTimeField(default=timezone.now, editable=False), 'date_created', 'date_updated'),
                breaks(),
                *each(Silent(USER, null=True, editable=False), 'created_by', 'updated_by'),
                ('date_deleted', models.DateTimeField(blank=True, null=True, editable=False)),
                ('document_contact', models.CharField(verbose_name='contact for Document Check', max_length=200, blank=True, default='', db_default='', help_text='Name, phone or e-mail of who takes papers for Document Check: users without access to it read it where they add a file. Left empty, the contact of Coordinated Access.')),
                *known('sharing', models.CharField(verbose_name='sharing of its clients', max_length=8, blank=True, default='', db_default='', choices=SHARING, help_text='Left empty, as the CoC shares. An agency may only share less.'), 'organization_sharing_is_known', 'Choose open, consent for parts, or consent required.'),
                ('sharing_in_force', models.CharField(max_length=8, default='open', db_default='open', editable=False, choices=SHARING)),
                check('organization_has_a_name', Q(organization_name__length__gt=0), "Enter the organization's name."),
                UniqueConstraint(name='organization_name_once', fields=['organization_name'], condition=Q(~Q(breaks__contains=['organization_name_once']), date_deleted=None), violation_error_message='There is an organization of that name already.'),
                check('organization_sharing_in_force', Q(sharing_in_force__in=['open', 'parts', 'required']) & (~Q(sharing='parts') | Q(sharing_in_force__in=['parts', 'required'])) & (~Q(sharing='required') | Q(sharing_in_force='required')), 'An agency shares no more than it has chosen.'),
                {'name': 'keeps_sharing_in_force', 'declare': 'DECLARE common text;', 'when': 'BEFORE', 'operation': 'INSERT OR UPDATE OF "sharing", "sharing_in_force"', 'func': KEEPS_SHARING_IN_FORCE},
            ], default_manager_name='objects', ordering=['organization_name'], history={'by_time': True}),
            Table('Invitation', [
                ('email', models.EmailField(verbose_name='e-mail', max_length=254)),
                *known('role', models.CharField(max_length=20, default='case_manager', choices=ROLES), 'invitation_role_is_known', 'Choose case manager or Data Quality Officer.'),
                ('sent_at', models.DateTimeField(verbose_name='sent', default=timezone.now)),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('state', models.CharField(max_length=10, default='pending', choices=[('pending', 'Waiting for an answer'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Taken back')])),
                ('answered_at', models.DateTimeField(verbose_name='answered', blank=True, null=True)),
                ('invited_by', Key(USER, SET_NULL, null=True, related_name='+', db_index=False)),
                ('user', Key(USER, CASCADE, related_name='invitations')),
                ('organization', Key('agencies.organization', CASCADE, related_name='invitations')),
                UniqueConstraint(name='invitation_pending_once', fields=['organization', 'user'], condition=Q(state='pending'), violation_error_message='This person has an invitation already.'),
                check('invitation_answered_when', Q(answered_at=None, state='pending') | Q(answered_at__isnull=False, state__in=['accepted', 'declined', 'withdrawn']), 'Say when the invitation was answered.'),
            ], ordering=['-sent_at', '-pk']),
            Table('Project', [
                ('project_id', UniqueKeyField(max_length=32, unique=True, editable=False)),
                ('project_name', models.CharField(max_length=200)),
                ('project_common_name', models.CharField(max_length=200, blank=True)),
                ('project_type', answer([(0, 'Emergency Shelter - Entry Exit'), (1, 'Emergency Shelter - Night-by-Night'), (2, 'Transitional Housing'), (3, 'PH - Permanent Supportive Housing'), (4, 'Street Outreach'), (6, 'Services Only'), (7, 'Other'), (8, 'Safe Haven'), (9, 'PH - Housing Only'), (10, 'PH - Housing with Services (no disability required for entry)'), (11, 'Day Shelter'), (12, 'Homelessness Prevention'), (13, 'PH - Rapid Re-Housing'), (14, 'Coordinated Entry')])),
                ('continuum_project', models.BooleanField(default=True, help_text="Part of the Continuum of Care's work, whoever pays for it.")),
                ('operating_start_date', models.DateField()),
                ('operating_end_date', models.DateField(blank=True, null=True)),
                *each(models.DateTimeField(default=timezone.now, editable=False), 'date_created', 'date_updated'),
                ('organization', Key('agencies.organization', PROTECT, related_name='projects')),
                breaks(),
                *each(Silent(USER, null=True, editable=False), 'created_by', 'updated_by'),
                ('date_deleted', models.DateTimeField(blank=True, null=True, editable=False)),
                *known('hopwa_med_assisted_living_fac', models.PositiveSmallIntegerField(verbose_name='HOPWA medically assisted living facility', blank=True, null=True, choices=[(0, 'No'), (1, 'Yes'), (2, 'Non-HOPWA Funded Project')], help_text='Whether a HOPWA-funded project is one.'), 'hopwa_living_facility_is_known', 'Choose yes, no, or that HOPWA does not fund the project.'),
                *known('housing_type', models.PositiveSmallIntegerField(blank=True, null=True, choices=[(1, 'Site-based - single site'), (2, 'Site-based - clustered / multiple sites'), (3, 'Tenant-based - scattered site')], help_text='Asked of projects with beds; where they are.'), 'project_housing_type_is_known', "Choose one of HUD's housing types."),
                ('pit_count', models.IntegerField(verbose_name='PIT count', blank=True, null=True, help_text='Clients in the project on the day of the last point-in-time count.', validators=[MinValueValidator(0)])),
                *known('residential_affiliation', models.PositiveSmallIntegerField(blank=True, null=True, choices=YES_NO_ONLY, help_text='Asked of services only and of rapid re-housing without housing: whether it serves the residents of another project. Name that one under Affiliations.'), 'residential_affiliation_is_known', 'Choose yes or no.'),
                ('rrh_sub_type', models.PositiveSmallIntegerField(verbose_name='RRH subtype', blank=True, null=True, choices=[(1, 'RRH: Services Only'), (2, 'RRH: Housing with or without services')], help_text='Asked of rapid re-housing alone.')),
                *known('target_population', models.PositiveSmallIntegerField(blank=True, null=True, choices=[(1, 'DV: Survivor of Domestic Violence'), (3, 'HIV: Persons with HIV/AIDS'), (4, 'NA: Not applicable')], help_text='Whom alone the project is for, if anybody.'), 'target_population_is_known', "Choose one of HUD's target populations."),
                UniqueConstraint(name='project_name_once_in_organization', fields=['organization', 'project_name'], condition=Q(~Q(breaks__contains=['project_name_once_in_organization']), date_deleted=None), violation_error_message='This organization already has a project of that name.'),
                breakable('project_ends_after_start', Q(operating_end_date=None) | Q(operating_end_date__gte=F('operating_start_date')), 'Operating end date cannot be before the start date.'),
                breakable('project_type_is_known', Q(project_type__in=[0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14], project_type__isnull=False) | Q(continuum_project=False, project_type=None), "Choose one of HUD's project types."),
                breakable('rrh_sub_type_of_rapid_rehousing', Q(rrh_sub_type=None) | Q(project_type=13, project_type__isnull=False, rrh_sub_type__in=[1, 2]), 'Leave the RRH subtype empty, except for rapid re-housing.'),
                breakable('pit_count_not_negative', Q(pit_count=None) | Q(pit_count__gte=0), 'Enter a PIT count of 0 or more.'),
            ], default_manager_name='objects', ordering=['project_name'], history={}),
            Table('SecurityAlert', [
                *known('kind', models.CharField(verbose_name='alert', max_length=30, choices=SECURITY_EVENTS), 'security_alert_kind_is_known', 'Choose a kind of security event.'),
                ('day', models.DateField()),
                ('at', models.DateTimeField(verbose_name='when', default=timezone.now)),
                ('seen_at', models.DateTimeField(verbose_name='seen', null=True)),
                ('organization', Key('agencies.organization', PROTECT, null=True, related_name='+')),
                ('seen_by', Silent(USER, null=True)),
                ('user', Key(USER, PROTECT, related_name='+')),
                UniqueConstraint(name='security_alert_once_a_day', fields=['user', 'kind', 'day'], condition=Q(organization=None), violation_error_message='There is an alert of this kind for the user today.'),
                UniqueConstraint(name='security_alert_once_a_day_and_organization', fields=['user', 'kind', 'organization', 'day'], condition=Q(organization__isnull=False), violation_error_message='There is an alert of this kind for the user today.'),
                check('security_alert_seen_by_somebody', Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False), 'Say who has seen the alert, and when.'),
                Index(name='alert_unseen', fields=['-at', '-id'], condition=Q(seen_at=None)),
            ], ordering=['-at', '-id']),
            Table('SecurityEvent', [
                ('at', models.DateTimeField(verbose_name='when', default=timezone.now)),
                *known('kind', models.CharField(verbose_name='event', max_length=30, choices=SECURITY_EVENTS), 'security_event_kind_is_known', 'Choose a kind of security event.'),
                ('account_digest', models.CharField(verbose_name='account', max_length=64, blank=True)),
                ('address', models.GenericIPAddressField(verbose_name='IP address', null=True)),
                ('request_id', models.CharField(verbose_name='request', max_length=32, blank=True)),
                ('client', models.BigIntegerField(verbose_name='Client ID', null=True)),
                ('detail', models.JSONField(default=dict)),
                ('organization', Silent('agencies.organization', null=True)),
                ('subject', Key(USER, PROTECT, null=True, related_name='+')),
                ('user', Silent(USER, null=True)),
                Index(name='security_newest', fields=['-at', '-id']),
                Index(name='security_of_organization', fields=['organization', '-at', '-id']),
                Index(name='security_by_user', fields=['user', '-at', '-id']),
                Index(name='security_by_kind', fields=['kind', '-at', '-id']),
                *ONLY_ADDED,
            ], ordering=['-at', '-id']),
            Table('UseCount', [
                *known('kind', models.CharField(max_length=20, choices=[('searches', 'searches'), ('clients', 'clients opened'), ('reveals', 'SSNs revealed'), ('downloads', 'files opened'), ('exports', 'rows exported'), ('lookups', 'users looked up'), ('reports', 'duplicates reported'), ('uploads', 'megabytes uploaded'), ('new_clients', 'clients added'), ('transfers', 'exports and imports'), ('emergencies', 'requests for emergency access')]), 'use_kind_is_known', 'Choose a kind of use that is counted.'),
                *each(models.DateTimeField(), 'hour', 'minute'),
                *each(models.PositiveBigIntegerField(default=0), 'count', 'count_in_minute'),
                *each(models.DateTimeField(null=True), 'asked_at', 'stopped_at'),
                ('reason', models.CharField(max_length=200, blank=True)),
                ('user', Key(USER, CASCADE, related_name='+', db_index=False)),
                UniqueConstraint(name='use_counted_once_an_hour', fields=['user', 'kind', 'hour'], violation_error_message='There is one count of a kind for each user and hour.'),
                Index(name='use_by_hour', fields=['hour']),
            ]),
            Table('UserSession', [
                ('key_hash', UniqueKeyField(primary_key=True, max_length=64, serialize=False)),
                ('owner', models.CharField(max_length=64, blank=True)),
                ('data', models.TextField(blank=True)),
                ('ended_as', models.CharField(max_length=20, blank=True, choices=[('another_log_in', 'You were logged out because you logged in on another computer.'), ('ended_elsewhere', 'You ended this session from another computer.'), ('security_change', 'You were logged out because the password or the two-step log-in of your account was changed. Log in again.'), ('by_officer', 'Your session was ended by an administrator. Log in again.')])),
                ('expires_at', models.DateTimeField(db_index=True)),
                Index(name='session_of_its_owner', fields=['owner'], condition=~Q(owner='')),
            ]),
            Table('Affiliation', [
                *descriptor('affiliation_id'),
                *of_project('affiliations'),
                ('res_project', Key('agencies.project', CASCADE, verbose_name='residential project', help_text='The project whose residents this one serves.', related_name='affiliated')),
                UniqueConstraint(name='affiliation_once', fields=['project', 'res_project'], condition=Q(~Q(breaks__contains=['affiliation_once']), date_deleted=None), violation_error_message='This residential project is named already.'),
                breakable('affiliation_with_another_project', ~Q(res_project=F('project')), 'Choose another project than this one.'),
            ], default_manager_name='objects', ordering=['res_project__project_name', 'pk'], history={'read_by': ['project']}),
            Table('CEParticipation', [
                *descriptor('ce_participation_id'),
                ('access_point', models.PositiveSmallIntegerField(verbose_name='access point', choices=YES_NO_ONLY, help_text='Whether people come into coordinated entry through this project.')),
                *each(models.PositiveSmallIntegerField(blank=True, null=True, choices=YES_NO_ONLY, help_text='Asked of access points.'),
                    prevention_assessment='homelessness prevention assessment, screening or referral',
                    crisis_assessment='crisis assessment, screening or referral', housing_assessment='housing assessment, screening or referral',
                    direct_services='direct services (search, placement, crisis, financial)',
                ),
                ('receives_referrals', models.PositiveSmallIntegerField(verbose_name='receives referrals', choices=YES_NO_ONLY, help_text='Whether the project takes clients whom coordinated entry refers.')),
                ('ce_participation_status_start_date', models.DateField(verbose_name='start date', help_text='The first day on which this was so.')),
                ('ce_participation_status_end_date', models.DateField(verbose_name='end date', blank=True, null=True, help_text='Empty while it goes on.')),
                *of_project('ce_participation'),
                check('ce_participation_codes_are_known', Q(Q(access_point=None) | Q(access_point__in=[0, 1]), Q(receives_referrals=None) | Q(receives_referrals__in=[0, 1]), Q(prevention_assessment=None) | Q(prevention_assessment__in=[0, 1]), Q(crisis_assessment=None) | Q(crisis_assessment__in=[0, 1]), Q(housing_assessment=None) | Q(housing_assessment__in=[0, 1]), Q(direct_services=None) | Q(direct_services__in=[0, 1])), 'Choose yes or no.'),
                breakable('access_point_says_what_it_offers', ~Q(access_point=1) | Q(crisis_assessment__isnull=False, direct_services__isnull=False, housing_assessment__isnull=False, prevention_assessment__isnull=False), 'Say of an access point whether it offers each of the assessments and direct services.'),
                breakable('ce_participation_ends_after_start', Q(ce_participation_status_end_date=None) | Q(ce_participation_status_end_date__gte=F('ce_participation_status_start_date')), 'The end date cannot be before the start date.'),
            ], default_manager_name='objects', ordering=['-ce_participation_status_start_date', 'pk'], verbose_name='coordinated entry participation', verbose_name_plural='coordinated entry participation', history={'read_by': ['project']}),
            Table('Funder', [
                *descriptor('funder_id'),
                ('funder', models.PositiveSmallIntegerField(verbose_name='funding source', choices=[(1, 'HUD: CoC - Homelessness Prevention (High Performing Communities Only)'), (2, 'HUD: CoC - Permanent Supportive Housing'), (3, 'HUD: CoC - Rapid Re-Housing'), (4, 'HUD: CoC - Supportive Services Only'), (5, 'HUD: CoC - Transitional Housing'), (6, 'HUD: CoC - Safe Haven'), (7, 'HUD: CoC - Single Room Occupancy (SRO)'), (8, 'HUD: ESG - Emergency Shelter (operating and/or essential services)'), (9, 'HUD: ESG - Homelessness Prevention'), (10, 'HUD: ESG - Rapid Rehousing'), (11, 'HUD: ESG - Street Outreach'), (13, 'HUD: HOPWA - Hotel/Motel Vouchers'), (14, 'HUD: HOPWA - Housing Information'), (15, 'HUD: HOPWA - Permanent Housing (facility based or TBRA)'), (16, 'HUD: HOPWA - Permanent Housing Placement'), (17, 'HUD: HOPWA - Short-Term Rent, Mortgage, Utility assistance'), (18, 'HUD: HOPWA - Short-Term Supportive Facility'), (19, 'HUD: HOPWA - Transitional Housing (facility based or TBRA)'), (20, 'HUD: HUD/VASH'), (21, 'HHS: PATH - Street Outreach & Supportive Services Only'), (22, 'HHS: RHY - Basic Center Program (prevention and shelter)'), (23, 'HHS: RHY - Maternity Group Home for Pregnant and Parenting Youth'), (24, 'HHS: RHY - Transitional Living Program'), (25, 'HHS: RHY - Street Outreach Project'), (26, 'HHS: RHY - Demonstration Project'), (27, 'VA: CRS Contract Residential Services'), (30, 'VA: Community Contract Safe Haven Program'), (32, 'VA: Compensated Work Therapy Transitional Residence'), (33, 'VA: Supportive Services for Veteran Families'), (34, 'N/A'), (35, 'HUD: Pay for Success'), (36, 'HUD: Public and Indian Housing (PIH) Programs'), (37, 'VA: Grant Per Diem - Bridge Housing'), (38, 'VA: Grant Per Diem - Low Demand'), (39, 'VA: Grant Per Diem - Hospital to Housing'), (40, 'VA: Grant Per Diem - Clinical Treatment'), (41, 'VA: Grant Per Diem - Service Intensive Transitional Housing'), (42, 'VA: Grant Per Diem - Transition in Place'), (43, 'HUD: CoC - Youth Homeless Demonstration Program (YHDP)'), (44, 'HUD: CoC - Joint Component TH/RRH'), (45, 'VA: Grant Per Diem - Case Management/Housing Retention'), (46, 'Local or Other Funding Source'), (50, 'HUD: HOME'), (51, 'HUD: HOME (ARP)'), (52, 'HUD: PIH (Emergency Housing Voucher)'), (53, 'HUD: ESG - RUSH'), (54, 'HUD: Unsheltered Special NOFO'), (55, 'HUD: Rural Special NOFO'), (56, 'HUD: CoC Builds'), (12, 'HUD: Rural Housing Stability Assistance Program [Deprecated]'), (47, 'HUD: ESG - CV [Deprecated]'), (48, 'HUD: HOPWA - CV [Deprecated]'), (49, 'HUD: CoC - Joint Component RRH/PSH [Deprecated]')], help_text='The federal program and its component that pays; N/A where no federal program does.')),
                ('other_funder', models.CharField(verbose_name='name of the other funding source', max_length=100, blank=True, help_text='For Local or Other Funding Source alone.')),
                ('grant_id', models.CharField(verbose_name='grant identifier', max_length=100, blank=True, help_text='The number of the grant agreement, or a name by which you know the grant.')),
                ('start_date', models.DateField(verbose_name='grant start date', help_text='The first day of the grant term.')),
                ('end_date', models.DateField(verbose_name='grant end date', blank=True, null=True, help_text='Empty while the grant goes on.')),
                *of_project('funders'),
                check('funder_is_known', Q(funder=None) | Q(funder__in=[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 30, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 55, 56, 12, 47, 48, 49]), "Choose one of HUD's funding sources."),
                breakable('funder_ends_after_start', Q(end_date=None) | Q(end_date__gte=F('start_date')), 'The end date cannot be before the start date.'),
                breakable('other_funder_is_named', Q(~Q(funder=46), other_funder='') | Q(~Q(other_funder=''), funder=46), 'Name the other funding source, for Local or Other Funding Source alone.'),
            ], default_manager_name='objects', ordering=['-start_date', 'funder', 'pk'], history={'read_by': ['project']}),
            Table('HMISParticipation', [
                *descriptor('hmis_participation_id'),
                ('hmis_participation_type', models.PositiveSmallIntegerField(verbose_name='participation', choices=[(0, 'Not Participating'), (1, 'HMIS Participating'), (2, 'Comparable Database Participating')], help_text='Victim service providers use a comparable database.')),
                ('hmis_participation_status_start_date', models.DateField(verbose_name='start date', help_text='The first day on which this was so.')),
                ('hmis_participation_status_end_date', models.DateField(verbose_name='end date', blank=True, null=True, help_text='Empty while it goes on.')),
                *of_project('hmis_participation'),
                check('hmis_participation_is_known', Q(hmis_participation_type=None) | Q(hmis_participation_type__in=[0, 1, 2]), 'Choose whether the project participates in the HMIS.'),
                breakable('hmis_participation_ends_after_start', Q(hmis_participation_status_end_date=None) | Q(hmis_participation_status_end_date__gte=F('hmis_participation_status_start_date')), 'The end date cannot be before the start date.'),
            ], default_manager_name='objects', ordering=['-hmis_participation_status_start_date', 'pk'], verbose_name='HMIS participation', verbose_name_plural='HMIS participation', history={'read_by': ['project']}),
            Table('Inventory', [
                *descriptor('inventory_id'),
                ('coc_code', models.CharField(verbose_name='CoC code', max_length=6, blank=True, help_text="One of the project's Continuums of Care.")),
                ('household_type', models.PositiveSmallIntegerField(choices=[(1, 'Households without children'), (3, 'Households with at least one adult and one child'), (4, 'Households with only children')])),
                *known('availability', models.PositiveSmallIntegerField(blank=True, null=True, choices=[(1, 'Year-round'), (2, 'Seasonal'), (3, 'Overflow')], help_text='Asked of emergency shelters alone.'), 'inventory_availability_is_known', 'Choose year-round, seasonal or overflow.'),
                ('unit_inventory', models.IntegerField(verbose_name='units', help_text='All units for this kind of household.', validators=[MinValueValidator(0)])),
                ('bed_inventory', models.IntegerField(verbose_name='beds', help_text='All beds; those below add up to it.', validators=[MinValueValidator(0)])),
                *each(models.IntegerField(blank=True, null=True, validators=[MinValueValidator(0)]),
                    ch_vet_bed_inventory='beds for chronically homeless veterans', youth_vet_bed_inventory='beds for youth veterans',
                    vet_bed_inventory='beds for any other veterans', ch_youth_bed_inventory='beds for chronically homeless youth',
                    youth_bed_inventory='beds for any other youth', ch_bed_inventory='beds for any other chronically homeless',
                    other_bed_inventory='non-dedicated beds',
                ),
                *known('es_bed_type', models.PositiveSmallIntegerField(verbose_name='bed type', blank=True, null=True, choices=[(1, 'Facility-based'), (2, 'Voucher'), (3, 'Other')], help_text='Asked of emergency shelters alone.'), 'inventory_bed_type_is_known', 'Choose facility-based, voucher or other.'),
                ('inventory_start_date', models.DateField(help_text='The first day on which these beds were there.')),
                ('inventory_end_date', models.DateField(blank=True, null=True, help_text='The last day. When the number changes, end this row and add another.')),
                *of_project('inventory'),
                breakable('inventory_coc_code_is_written', Q(coc_code='') | Q(coc_code__regex='^[A-Za-z]{2}-[0-9]{3}$'), 'Enter the code as two letters, a dash and three digits, such as CA-501.'),
                check('inventory_household_type_is_known', Q(household_type=None) | Q(household_type__in=[1, 3, 4]), 'Choose one of the listed kinds of household.'),
                breakable('inventory_not_negative', Q(Q(unit_inventory=None) | Q(unit_inventory__gte=0), Q(bed_inventory=None) | Q(bed_inventory__gte=0), Q(ch_vet_bed_inventory=None) | Q(ch_vet_bed_inventory__gte=0), Q(youth_vet_bed_inventory=None) | Q(youth_vet_bed_inventory__gte=0), Q(vet_bed_inventory=None) | Q(vet_bed_inventory__gte=0), Q(ch_youth_bed_inventory=None) | Q(ch_youth_bed_inventory__gte=0), Q(youth_bed_inventory=None) | Q(youth_bed_inventory__gte=0), Q(ch_bed_inventory=None) | Q(ch_bed_inventory__gte=0), Q(other_bed_inventory=None) | Q(other_bed_inventory__gte=0)), 'Enter numbers of beds and units that are 0 or more.'),
                breakable('inventory_ends_after_start', Q(inventory_end_date=None) | Q(inventory_end_date__gte=F('inventory_start_date')), 'The end date cannot be before the start date.'),
            ], default_manager_name='objects', ordering=['-inventory_start_date', 'household_type', 'pk'], verbose_name='bed and unit inventory', verbose_name_plural='bed and unit inventory', history={'read_by': ['project']}),
            Table('ProjectCoC', [
                *descriptor('project_coc_id'),
                ('coc_code', models.CharField(verbose_name='CoC code', max_length=6, help_text="HUD's code of the Continuum of Care: two letters, a dash, three digits.")),
                ('geocode', models.CharField(max_length=6, blank=True, help_text="HUD's six-digit code of the place where most of the project's work is done.")),
                ('address1', models.CharField(verbose_name='address line 1', max_length=100, blank=True, help_text='The principal site. Victim service providers and scattered sites may leave it empty.')),
                ('address2', models.CharField(verbose_name='address line 2', max_length=100, blank=True)),
                ('city', models.CharField(max_length=50, blank=True)),
                ('state', models.CharField(max_length=2, blank=True, help_text='Two letters.')),
                ('zip', models.CharField(verbose_name='ZIP code', max_length=5, blank=True, help_text='Five digits.')),
                *known('geography_type', models.PositiveSmallIntegerField(blank=True, null=True, choices=[(1, 'Urban'), (2, 'Suburban'), (3, 'Rural'), (99, 'Unknown / data not collected')], help_text='Urban, suburban or rural, as HUD lists the geocode.'), 'geography_type_is_known', 'Choose urban, suburban, rural or unknown.'),
                *of_project('cocs'),
                UniqueConstraint(name='project_coc_once', fields=['project', 'coc_code'], condition=Q(~Q(breaks__contains=['project_coc_once']), date_deleted=None), violation_error_message='The project has this Continuum of Care already.'),
                breakable('project_coc_code_is_written', Q(coc_code__regex='^[A-Za-z]{2}-[0-9]{3}$'), 'Enter the code as two letters, a dash and three digits, such as CA-501.'),
                breakable('geocode_has_six_digits', Q(geocode='') | Q(geocode__regex='^[0-9]{6}$'), 'Enter the geocode as six digits.'),
                breakable('project_state_has_two_letters', Q(state='') | Q(state__regex='^[A-Za-z]{2}$'), 'Enter the state as two letters.'),
                breakable('project_zip_has_five_digits', Q(zip='') | Q(zip__regex='^[0-9]{5}$'), 'Enter the ZIP code as five digits.'),
            ], default_manager_name='objects', ordering=['coc_code', 'pk'], verbose_name='Continuum of Care', verbose_name_plural='Continuums of Care', history={'read_by': ['project']}),
            Table('SharingPolicy', [
                ('id', models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False, serialize=False)),
                *known('policy', models.CharField(max_length=8, default='open', db_default='open', choices=SHARING), 'sharing_policy_is_known', 'Choose open, consent for parts, or consent required.'),
                ('date_updated', models.DateTimeField(auto_now=True)),
                ('updated_by', Silent(USER, null=True, editable=False)),
                check('sharing_policy_once', Q(id=1), 'The CoC has one sharing policy.'),
                NEVER_DELETED,
                {'name': 'organizations_follow', 'operation': 'INSERT OR UPDATE OF "policy"', 'func': ORGANIZATIONS_FOLLOW},
            ], verbose_name='sharing policy', verbose_name_plural='sharing policy', history={}),
        ]),
        migrations.RunSQL(THE_ONE, migrations.RunSQL.noop),
    ]
