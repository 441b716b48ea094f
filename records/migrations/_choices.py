"""Lists of answers that several columns of the first migrations have."""

NOT_COLLECTED = ('No answer', [(99, 'Data not collected')])
NO_ANSWER = ('No answer', [(8, "Client doesn't know"), (9, 'Client prefers not to answer'), (99, 'Data not collected')])
HEALTH = [(1, 'Excellent'), (2, 'Very good'), (3, 'Good'), (4, 'Fair'), (5, 'Poor'), NO_ANSWER]
LANGUAGES = [
    ('en', 'English'), ('es', 'Spanish'), ('am', 'Amharic'), ('ar', 'Arabic'), ('zh-Hans', 'Chinese, simplified'),
    ('zh-Hant', 'Chinese, traditional'), ('fa', 'Dari or Farsi'), ('fr', 'French'), ('ht', 'Haitian Creole'),
    ('ko', 'Korean'), ('ps', 'Pashto'), ('pt', 'Portuguese'), ('ru', 'Russian'), ('so', 'Somali'), ('tl', 'Tagalog'),
    ('uk', 'Ukrainian'), ('ur', 'Urdu'), ('vi', 'Vietnamese'),
]
NO_HIV_PROGRAM = [
    (1, 'Applied; decision pending'), (2, 'Applied; client not eligible'), (3, 'Client did not apply'),
    (4, 'Insurance type not applicable for this client'), NO_ANSWER,
]
NO_INSURANCE = [
    (1, 'Applied; decision pending'), (2, 'Applied; client not eligible'), (3, 'Client did not apply'),
    (4, 'Insurance type N/A for this client'), NO_ANSWER,
]
ROLES = [('case_manager', 'Case manager'), ('dqo', 'Data Quality Officer')]
SECURITY_EVENTS = [
    ('log_in', 'Logged in'), ('log_in_failed', 'Log-in failed'), ('second_factor_failed', 'Wrong two-step code'),
    ('reauthenticated', 'Confirmed the log-in'), ('new_browser', 'Logged in with a new browser'),
    ('log_out', 'Logged out'), ('idle_log_out', 'Logged out for inactivity'), ('sessions_ended', 'Sessions ended'),
    ('password_reset_asked', 'Password reset requested'), ('password_reset', 'Password reset'),
    ('password_changed', 'Password changed'), ('factor_activated', 'Two-step log-in set up'),
    ('factor_deactivated', 'Two-step log-in turned off'), ('recovery_codes_made', 'Recovery codes made'),
    ('recovery_code_used', 'Recovery code used'), ('factor_reset', 'Two-step log-in reset by an officer'),
    ('invited', 'Invitation sent'), ('invitation_accepted', 'Invitation accepted'),
    ('invitation_declined', 'Invitation declined'), ('invitation_withdrawn', 'Invitation taken back'),
    ('access_added', 'Access to an organization given'), ('role_changed', 'Role changed'),
    ('access_ended', 'Access to an organization ended'), ('user_deactivated', 'User deactivated'),
    ('user_reactivated', 'User reactivated'), ('email_changed', 'E-mail address of the log-in changed'),
    ('administrator_changed', "Administrator's rights changed"), ('rate_limited', 'Too many attempts'),
    ('form_refused', 'Form without a valid token refused'), ('refused', 'Permission refused'),
    ('not_found', 'Asked for a page that is not there or not theirs'), ('file_refused', 'File refused'),
    ('exported', 'List exported'), ('imported', 'HMIS CSV imported'),
    ('record_copied', "Copy of a client's record made"), ('record_erased', "Client's record erased"),
    ('legal_hold', 'Legal hold set or lifted'), ('ssn_revealed', 'SSN revealed'),
    ('many_searches', 'Limit of searches reached'), ('many_records', 'Limit of opened records reached'),
    ('many_reveals', 'Limit of revealed SSNs reached'), ('limit_lifted', 'Limit of use lifted'),
    ('limit_reached', 'Another limit of use reached'), ('break_glass', 'Restricted record opened in an emergency'),
    ('break_glass_ended', 'Emergency access ended'),
]
SHARING = [('open', 'Open'), ('parts', 'Consent for parts'), ('required', 'Consent required')]
SITUATIONS = [
    ('Homeless situations', [
        (116, 'Place not meant for habitation (e.g., a vehicle, an abandoned building, bus/train/subway station/airport or anywhere outside)'),
        (101, 'Emergency shelter, including hotel or motel paid for with emergency shelter voucher, or Host Home shelter'),
        (118, 'Safe Haven'),
    ]),
    ('Institutional situations', [
        (215, 'Foster care home or foster care group home'),
        (206, 'Hospital or other residential non-psychiatric medical facility'),
        (207, 'Jail, prison or juvenile detention facility'), (225, 'Long-term care facility or nursing home'),
        (204, 'Psychiatric hospital or other psychiatric facility'),
        (205, 'Substance abuse treatment facility or detox center'),
    ]),
    ('Temporary housing situations', [
        (302, 'Transitional housing for homeless persons (including homeless youth)'),
        (329, 'Residential project or halfway house with no homeless criteria'),
        (314, 'Hotel or motel paid for without emergency shelter voucher'), (332, 'Host Home (non-crisis)'),
        (336, "Staying or living in a friend's room, apartment or house"),
        (335, 'Staying or living in a family member’s room, apartment, or house'),
    ]),
    ('Permanent housing situations', [
        (410, 'Rental by client, no ongoing housing subsidy'), (435, 'Rental by client, with ongoing housing subsidy'),
        (421, 'Owned by client, with ongoing housing subsidy'), (411, 'Owned by client, no ongoing housing subsidy'),
    ]),
]
STAGES = [(1, 'Project entry'), (2, 'Update'), (3, 'Project exit'), (5, 'Annual assessment'), (6, 'Post-exit')]
SUBSIDIES = [
    (428, 'GPD TIP housing subsidy'), (419, 'VASH housing subsidy'), (431, 'RRH or equivalent subsidy'),
    (433, 'HCV voucher (tenant or project based) (not dedicated)'), (434, 'Public housing unit'),
    (420, 'Rental by client, with other ongoing housing subsidy'), (436, 'Housing Stability Voucher'),
    (437, 'Family Unification Program Voucher (FUP)'), (438, 'Foster Youth to Independence Initiative (FYI)'),
    (439, 'Permanent Supportive Housing'), (440, 'Other permanent housing dedicated for formerly homeless persons'),
]
VIRAL_SOURCES = [(1, 'Medical Report'), (2, 'Client Report'), (3, 'Other')]
YEARS = [(1, 'Less than one year'), (2, '1 to 2 years'), (3, '3 to 5 or more years'), NOT_COLLECTED]
YES_NO = [(0, 'No'), (1, 'Yes'), NO_ANSWER]
YES_NO_ASKED = [(0, 'No'), (1, 'Yes'), NOT_COLLECTED]
YES_NO_ONLY = [(0, 'No'), (1, 'Yes')]
YES_NO_WORKER = [(0, 'No'), (1, 'Yes'), (2, 'Worker does not know')]
