"""Settings by which lower packages come to code of upper ones: dotted paths of callables."""

# What stands on a client's pages, in this order: callables that give a panel (docs/adr/0005).
CLIENT_PANELS = {
    # Over the dashboard, as buttons; then its two columns.
    "dashboard-buttons": [
        "casenotes.panels.add_note",
        "enrollments.dashboard.panels.start_intake",
        "files.panels.add_file",
        "casenotes.panels.add_service",
    ],
    "dashboard-now": [
        "clients.panels.alerts",
        "tasks.panels.tasks",
        "enrollments.dashboard.panels.work",
        "enrollments.dashboard.panels.people",
        "casenotes.panels.case_notes",
    ],
    "dashboard-reference": [
        "enrollments.panels.case_managers",
        "consent.panels.release",
        "casenotes.panels.services",
        "files.panels.client_files",
        "files.panels.document_checks",
        "clients.panels.interested_others",
    ],
    "edit": ["enrollments.panels.answers"],
    "bar": ["consent.panels.on_bar"],
    "assignment": ["tasks.panels.open_tasks"],
    "finished": ["casenotes.panels.add_note", "consent.panels.after_intake"],
}

# What upper floors say of a client on every page: callables that take the queryset that reads the
# client, and the user, and annotate it (docs/adr/0025).
CLIENT_MARKS = ["enrollments.marks.with_death", "consent.marks.with_releases"]

# Records by which an organization serves a client: whoever has one of its own may know who the
# client is (`clients.sharing`); a model's `serves` leaves some of its rows out. Each has an index
# that begins with the client; the likeliest first.
# Every statement about clients asks for each of them: it is no list of all kinds that there are.
CLIENT_SERVED_BY = [
    "enrollments.Enrollment",
    "enrollments.CaseAssignment",
    "casenotes.CaseNote",
    "files.ClientFile",
    "cas.Event",
]

# What other organizations see of a client: of these an officer is told how many rows a change of
# sharing would hide (`clients.sharing_effects`). The first has an index by organization.
SHARED_RECORDS = [
    "enrollments.Enrollment",
    "casenotes.CaseNote",
    "casenotes.Service",
    "files.ClientFile",
    "clients.Alert",
    "clients.InterestedOther",
]

# Whose record a page is about, by its address: what its template is given, authorized and logged.
WHOM_A_PAGE_IS_ABOUT = "clients.loading.client_of_address"

# What is called when a form was saved, in the transaction of the save: callables that take its
# request (records/submissions.py).
FORM_LISTENERS = ["clients.form_drafts.forget_continued"]

# What the access log calls a page: a function of the name of its URL (docs/adr/0030).
ACCESS_PAGE_NAMES = "hmis.page_names.page_name"

# What an officer should know of before somebody's access ends: callables that list open work
# (agencies/work.py).
OPEN_WORK = ["enrollments.assignments.open_work.case_assignments", "tasks.open_work.tasks"]
WORK_HAND_OVERS = [
    "tasks.actions.lock_clients_of_work",  # first
    "enrollments.assignments.actions.hand_over_all",
    "tasks.actions.hand_over_all",
]

# What reads for a user without a log-in, and is taken away where an officer ends the sessions or a
# password is reset: callables that do it (agencies/work.py).
STANDING_KEYS = ["tasks.actions.turn_calendar_off"]

# What waits for Data Quality Officers, on the start page of their workspace: callables that give a
# card (records/admin/cards.py), in this order.
DATA_QUALITY_CARDS = [
    "agencies.admin.security.alerts_card",
    "data_quality.cards.rules_card",
    "data_quality.cards.enrolled_twice_card",
    "clients.admin.access_log.emergency_card",
    "clients.admin.duplicates.duplicate_reports_card",
    "clients.admin.duplicates.possible_duplicates_card",
    "clients.admin.identity_changes.identity_changes_card",
    "consent.undecided_admin.undecided_card",
    "enrollments.admin.paused_intakes_card",
    "privacy.admin.requests_card",
    "privacy.admin.retention_card",
    "clients.admin.deleted_records.deleted_card",
    "exchange.cards.transfers_card",
]

# What counts as a contact with a client during an enrollment: callables that give rows beside an
# enrollment, and their day (enrollments/contacts.py).
CONTACT_KINDS = [
    "enrollments.contacts.living_situations",
    "enrollments.contacts.assessments",
    "casenotes.contacts.notes",
    "casenotes.contacts.services",
]

# Steps that upper floors add to the intake, before Review (docs/adr/0005), by their name in
# IntakeDraft.Step; and what is to do for a client that enrollments do not know: callables that take
# the client, the open enrollments that the user may change, and today (enrollments/dashboard).
INTAKE_STEPS = {"release": "consent.intake.step.ReleaseStep"}
TO_DO = ["consent.to_do.releases"]

# What is called when case assignments were written (docs/adr/0012).
CASE_ASSIGNMENT_LISTENERS = ["cas.actions.assignments.assignments_written"]

# What goes along when a case manager hands over to another one (enrollments/listeners.py), and who
# is notified of tasks that were written (tasks/listeners.py).
HAND_OVER_LISTENERS = ["tasks.actions.hand_over_tasks"]
TASK_LISTENERS = ["cas.actions.tasks.tasks_written"]

# Who is notified of what became of releases of information (clients/release_listeners.py).
RELEASE_LISTENERS = ["cas.actions.releases.releases_written"]

# Who writes the mails of each kind (outbox/kinds.py), and how lower floors queue one.
MAIL_KINDS = {
    "cas": "cas.mail.writer.NotificationMails",
    "transfer": "exchange.mail.TransferMails",
    "duplicate_report": "clients.duplicates.mail.DuplicateReportMails",
    "factor_reset": "outbox.mails.FactorResets",
    "invitation": "outbox.mails.Invitations",
    "password_reset": "outbox.mails.PasswordResets",
    "security_alert": "outbox.mails.SecurityAlerts",
    "new_browser": "outbox.mails.NewBrowsers",
    "account_changed": "outbox.mails.AccountChanges",
}
MAIL_QUEUE = "outbox.actions.queue_mail"
