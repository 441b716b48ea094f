"""Settings, all of them from the environment or from `.env`; `.env.example` documents each one."""

import os
from importlib.util import find_spec

import pghistory
from csp.constants import NONE, SELF
from environs import Env, validate

from hmis import (
    demo_keys,
    environment,
    file_stores,
    mail_settings,
    unsafe_settings,
    use_limit_settings,
)
from hmis.environment import BASE_DIR, absolute

environment.load()
env = Env()

DATA_DIR = environment.data_dir()
DEMO = env.bool("HMIS_DEMO", False)
if DEMO:
    demo_keys.load(DATA_DIR / "keys.env")

# Secrets. In production the environment gives them; without one, or with a blank one as in
# .env.example, the server does not start.
filled = validate.Length(min=1, error="It is empty: .env.example says how to make one.")
SECRET_KEY = env.str("SECRET_KEY", validate=filled)
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", [])
SSN_ENCRYPTION_KEYS = env.list("SSN_ENCRYPTION_KEYS", validate=filled)
SSN_HASH_KEY = env.str("SSN_HASH_KEY", validate=filled)

DEBUG = env.bool("DEBUG", False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "hmis.admin_site.DataQualityConfig",
    "agencies",  # before auth, whose createsuperuser it extends
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "bootstrap",
    "crispy_bootstrap5",
    "crispy_forms",
    "django_htmx",
    "pghistory",
    "pgtrigger",
    "template_partials",
    "records",
    "outbox",
    "clients",
    "enrollments",
    "data_quality",
    "casenotes",
    "files",
    "cas",
    "privacy",
    "hmis",
]

if find_spec("django_linear_migrations"):  # a tool of the developers' machines
    INSTALLED_APPS.append("django_linear_migrations")

MIDDLEWARE = [
    "hmis.middleware.request_id.RequestIdMiddleware",  # the outermost
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "hmis.middleware.head.HeadMiddleware",
    "hmis.middleware.text.TextMiddleware",
    "hmis.middleware.session.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hmis.middleware.privacy.PrivacyMiddleware",
    "hmis.middleware.session_end.SessionEndMiddleware",
    "hmis.middleware.idle.IdleTimeoutMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "hmis.middleware.second_factor.SecondFactorMiddleware",
    "hmis.middleware.organization.OrganizationMiddleware",
    "hmis.middleware.access.AccessMiddleware",
    "hmis.middleware.history.HistoryMiddleware",
    "hmis.middleware.limits.LimitMiddleware",
    "records.retries.RetryMiddleware",  # the innermost: nothing but the view is run again
]

ROOT_URLCONF = "hmis.urls"
WSGI_APPLICATION = "hmis.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hmis.context.workplace",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

# The web server: hmis/server/config.py
WEB_BIND = env.str("WEB_BIND", "127.0.0.1:8000")
WEB_WORKERS = env.int("WEB_WORKERS", 3)
WEB_THREADS = env.int("WEB_THREADS", 8)
WEB_ACCESS_LOG = env.bool("WEB_ACCESS_LOG", not DEMO)

# Database, cache and sessions: PostgreSQL keeps all three, Redis may take the last two.
DATABASES = {"default": environment.database(env)}
DATABASES["default"]["ENGINE"] = "hmis.postgresql"
# The role of the web server, which owns nothing; commands that need the owner's: hmis/roles.py
DATABASE_SERVER_ROLE = DATABASES["default"]["USER"]
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": env.int("DATABASE_CONNECT_SECONDS", 2),
    # A server that is gone without a word, as after a power cut, is missed after 30 seconds.
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    **DATABASES["default"].get("OPTIONS", {}),
    "pool": {
        "min_size": 1,
        "max_size": env.int("DATABASE_POOL_SIZE", 8),
        "max_lifetime": 1800,
    },
}
# In seconds; 0 is without end. docs/faults.md
DATABASE_POOL_SECONDS = {"request": env.float("DATABASE_POOL_SECONDS", 2), "command": 20}
DATABASE_TIMEOUTS = {
    "request": {
        "lock_timeout": env.float("DATABASE_LOCK_SECONDS", 4),
        "statement_timeout": env.float("DATABASE_STATEMENT_SECONDS", 30),
        "idle_in_transaction_session_timeout": env.float("DATABASE_IDLE_SECONDS", 60),
    },
    "command": {
        "lock_timeout": env.float("DATABASE_COMMAND_LOCK_SECONDS", 60),
        "statement_timeout": 0,
        "idle_in_transaction_session_timeout": 0,
    },
}
# The folder of pg_dump and pg_restore, where they are not found (docs/backup.md).
PG_PROGRAMS = env.str("PG_PROGRAMS", "")
# Connections to other machines are in TLS and verified, by the system's certificates or by those of
# this file; the database has its own in its address. What is named in ALLOW_WITHOUT_TLS is not.
TLS_CA_FILE = str(absolute(env.str("TLS_CA_FILE"))) if env.str("TLS_CA_FILE", "") else ""
ALLOW_WITHOUT_TLS = env.list("ALLOW_WITHOUT_TLS", [])
# For the arithmetic of connections in hmis.checks
WEB_MACHINES = env.int("WEB_MACHINES", 1)
# Officers' lists and exports are read there, where it is set: docs/scaling.md
if env.str("DATABASE_REPLICA_URL", ""):
    there = environment.database(env, "DATABASE_REPLICA_URL")
    options = DATABASES["default"]["OPTIONS"] | {"connect_timeout": 2} | there.get("OPTIONS", {})
    DATABASES["replica"] = DATABASES["default"] | there
    DATABASES["replica"] |= {"ENGINE": DATABASES["default"]["ENGINE"], "OPTIONS": options}
    DATABASE_ROUTERS = ["hmis.replica.ReplicaRouter"]
    MIDDLEWARE.append("hmis.middleware.replica.ReplicaMiddleware")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"ssl_ca_certs": TLS_CA_FILE}
            if TLS_CA_FILE and REDIS_URL.startswith("rediss://")
            else {},
        }
    }
    SESSION_ENGINE = "agencies.sessions.cache"
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "hmis_cache",
            # Used codes are remembered in it: nobody pushes them out by filling it.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }
    SESSION_ENGINE = "agencies.sessions.database"

# Who comes in
AUTH_USER_MODEL = "agencies.User"
AUTHENTICATION_BACKENDS = ["agencies.backends.MemberBackend"]
# docs/security/passwords.md
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "agencies.passwords.LengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "agencies.passwords.LeakedPasswordValidator"},
    {"NAME": "agencies.passwords.ContextWordsValidator"},
    {"NAME": "agencies.passwords.StrengthValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "hmis.accounts.AccountAdapter"
# Allauth's own makes a row of an unverified address, which bars the user from a second factor.
TOKENS = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = TOKENS
ACCOUNT_FORMS = {
    "change_password": "hmis.password_reset.ChangePasswordForm",
    "reset_password": "hmis.password_reset.ResetPasswordForm",
    "reset_password_from_key": "hmis.password_reset.ResetPasswordKeyForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_PASSWORD_CHANGE_REDIRECT_URL = LOGIN_REDIRECT_URL
ACCOUNT_SESSION_REMEMBER = False
# Allauth's limits let a stranger lock everybody out: agencies/limits.py has ours.
ACCOUNT_RATE_LIMITS = False
LOG_IN_FAILURES = env.int("LOG_IN_FAILURES", 10, validate=validate.Range(1))
LOG_IN_FAILURES_OF_ACCOUNT = env.int("LOG_IN_FAILURES_OF_ACCOUNT", 100, validate=validate.Range(1))
LOG_IN_FAILURES_FROM_ADDRESS = env.int(
    "LOG_IN_FAILURES_FROM_ADDRESS", 300, validate=validate.Range(1)
)
SECOND_FACTOR_FAILURES = env.int("SECOND_FACTOR_FAILURES", 5, validate=validate.Range(1))
SECOND_FACTOR_FAILURES_OF_ACCOUNT = env.int(
    "SECOND_FACTOR_FAILURES_OF_ACCOUNT", 30, validate=validate.Range(1)
)
PASSWORD_RESETS = env.int("PASSWORD_RESETS", 5, validate=validate.Range(1))
PASSWORD_RESETS_OF_ACCOUNT = env.int("PASSWORD_RESETS_OF_ACCOUNT", 10, validate=validate.Range(1))
PASSWORD_RESETS_FROM_ADDRESS = env.int(
    "PASSWORD_RESETS_FROM_ADDRESS", 60, validate=validate.Range(1)
)
INVITATION_DAYS = env.int("INVITATION_DAYS", 14, validate=validate.Range(1))
INVITATIONS_A_DAY = env.int("INVITATIONS_A_DAY", 50, validate=validate.Range(1))
PASSWORD_RESET_TIMEOUT = env.int("PASSWORD_LINK_HOURS", 72) * 3600
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Nobody signs up here with an address of somebody else; no row of allauth's bars a factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "hmis.accounts.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "hmis.second_factor.ActivateTOTPForm",
    "authenticate": "hmis.second_factor.AuthenticateForm",
    "reauthenticate": "hmis.second_factor.ReauthenticateForm",
}
MFA_TOTP_ISSUER = "HMIS"
MFA_REQUIRED = env.bool("MFA_REQUIRED", not DEMO)

SESSION_COOKIE_AGE = env.int("SESSION_HOURS", 12) * 3600
# HUD: nobody is logged in at two workstations at once.
ONE_SESSION_PER_USER = env.bool("ONE_SESSION_PER_USER", not DEMO)
IDLE_TIMEOUT = env.int("IDLE_TIMEOUT_MINUTES", 30) * 60
IDLE_WARNING = env.int("IDLE_WARNING_SECONDS", 120)
NOTE_AUTOSAVE_SECONDS = env.float("NOTE_AUTOSAVE_SECONDS", 3)
NOTE_DRAFT_DAYS = env.int("NOTE_DRAFT_DAYS", 30)

# How many of these events of one user in an hour alert the officers; 0: none does. Others, such as
# a log-in with a new browser, do so each time (agencies/security_alerts.py).
ALERT_REFUSALS = env.int("ALERT_REFUSALS", 20)
ALERT_FAILED_LOG_INS = env.int("ALERT_FAILED_LOG_INS", 10)
SECURITY_ALERTS_AN_HOUR = {
    "log_in_failed": ALERT_FAILED_LOG_INS,
    "second_factor_failed": ALERT_FAILED_LOG_INS,
    "refused": ALERT_REFUSALS,
    "not_found": ALERT_REFUSALS,
    "file_refused": ALERT_REFUSALS,
    "ssn_revealed": env.int("ALERT_SSN_REVEALS", 20),
    "exported": env.int("ALERT_EXPORTS", 20),
}

# How much one user does in a minute, an hour and a day, and how many times as much officers and
# administrators may do: docs/security/limits.md
USE_LIMITS = use_limit_settings.chosen(env)
USE_LIMITS_OFFICERS = env.int("USE_LIMITS_OFFICERS", 2, validate=validate.Range(1))
USE_LIMITS_ADMINISTRATORS = env.int("USE_LIMITS_ADMINISTRATORS", 3, validate=validate.Range(1))

# Emergency access to restricted clients (docs/adr/0034), and for how many hours.
BREAK_GLASS = env.bool("BREAK_GLASS", DEMO)
BREAK_GLASS_HOURS = env.int("BREAK_GLASS_HOURS", 4, validate=validate.Range(1, 72))

# Transport and browser
HTTPS = env.bool("HTTPS", not DEMO)
ALLOW_PLAIN_HTTP = env.bool("ALLOW_PLAIN_HTTP", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
# The prefix binds a cookie to this host and to HTTPS; over plain HTTP no browser would take it.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = [
    f"__Host-{name}" if HTTPS else name for name in ("sessionid", "csrftoken")
]
# Messages name clients: they stay on the server.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_REDIRECT_EXEMPT = [r"^health/(mail/)?$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# How many proxies of ours a request passes, each of which adds to X-Forwarded-For.
PROXY_COUNT = 0
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    PROXY_COUNT = env.int("PROXY_COUNT", 1, validate=validate.Range(1, 9))
DEVICE_COOKIE_NAME = "__Host-hmis_device" if HTTPS else "hmis_device"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "hmis.errors.form_expired"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap draws its arrows and ticks as data: images
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# A demonstration serves the files where they lie.
STATIC_ROOT = None if DEMO else str(absolute(env.str("STATIC_ROOT", "") or "staticfiles"))
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "default": file_stores.chosen(env, ca_file=TLS_CA_FILE),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "hmis.static_files.HashedStaticFilesStorage"
    },
}

S3_ENDPOINT_URL = env.str("S3_ENDPOINT_URL", "")
# Clients' files: in MEDIA_ROOT on this machine, or in an S3 store where S3_BUCKET names one
MEDIA_ROOT = str(absolute(env.str("MEDIA_ROOT", "") or str(DATA_DIR / "media")))
FILE_UPLOAD_HANDLERS = ["files.uploads.LimitedUploadHandler"]
UPLOAD_TEMP_DIR = env.str("UPLOAD_TEMP_DIR", "")
FILE_UPLOAD_TEMP_DIR = str(absolute(UPLOAD_TEMP_DIR)) if UPLOAD_TEMP_DIR else None
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FILES = 5
# Income and Sources sends some fifty fields a member; the largest households have over twenty.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_MB", 25) * 1024 * 1024
SIGNED_DOWNLOADS = env.bool("SIGNED_DOWNLOADS", False) and bool(env.str("S3_BUCKET", ""))
CLAMAV_ADDRESS = env.str("CLAMAV_ADDRESS", "")
# Whatever the file store does, an upload or a download has given up after so many seconds.
FILE_STORE_SECONDS = env.float("FILE_STORE_SECONDS", 10)
# What no record names waits so many days in the store's quarantine; clean_files moves nothing
# where more than so much of the store would go (docs/files.md).
FILES_QUARANTINE_DAYS = env.int("FILES_QUARANTINE_DAYS", 30, validate=validate.Range(1))
FILES_QUARANTINE_PERCENT = env.int("FILES_QUARANTINE_PERCENT", 5, validate=validate.Range(0, 100))

# Mail
vars().update(mail_settings.chosen(env, demo=DEMO, data_dir=DATA_DIR))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "hmis@localhost")
HELP_DESK_EMAIL = env.str("HELP_DESK_EMAIL", "helpdesk@localhost")
# Seconds to wait for the mail server: to connect and for each answer; the same where somebody waits
# for the mail; and for the answer to a whole mail, which some servers scan before it.
EMAIL_TIMEOUT = env.float("MAIL_SECONDS", 10)
MAIL_AT_ONCE_SECONDS = env.float("MAIL_AT_ONCE_SECONDS", 5)
MAIL_ANSWER_SECONDS = env.float("MAIL_ANSWER_SECONDS", 60)
MAIL_LATE_MINUTES = env.int("MAIL_LATE_MINUTES", 30)
# Whether the web server sends what somebody waits for; without, cron does, minutes later.
MAIL_AT_ONCE = env.bool("MAIL_AT_ONCE", True)
# Who writes the mails of each kind (outbox/kinds.py), and how lower floors queue one.
MAIL_KINDS = {
    "cas": "cas.mail.writer.NotificationMails",
    "duplicate_report": "clients.duplicates.mail.DuplicateReportMails",
    "factor_reset": "outbox.mails.FactorResets",
    "invitation": "outbox.mails.Invitations",
    "password_reset": "outbox.mails.PasswordResets",
    "security_alert": "outbox.mails.SecurityAlerts",
    "new_browser": "outbox.mails.NewBrowsers",
    "account_changed": "outbox.mails.AccountChanges",
}
MAIL_QUEUE = "outbox.actions.queue_mail"
# Mails that nobody's request sends need the portal's address for their links.
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000/" if DEMO else "")

# Rights of clients (docs/privacy.md): days to answer a request, and years after the last change of
# a record until it may be erased.
CLIENT_REQUEST_DAYS = env.int("CLIENT_REQUEST_DAYS", 30, validate=validate.Range(1, 365))
RETENTION_YEARS = env.int("RETENTION_YEARS", 7, validate=validate.Range(1, 100))

# Words and times
LANGUAGE_CODE = "en-us"
TIME_ZONE = env.str("TIME_ZONE", "America/New_York")
USE_I18N = False
USE_TZ = True
FORMAT_MODULE_PATH = "hmis.formats"
SITE_NAME = env.str("SITE_NAME", "HMIS")

# Mail of Coordinated Access: docs/mail.md
CAS_DIGEST_HOUR = env.int("CAS_DIGEST_HOUR", 7, validate=validate.Range(0, 23))
CAS_REMINDER_DAYS = env.int("CAS_REMINDER_DAYS", 3)
CAS_REMINDERS = env.int("CAS_REMINDERS", 2)
CAS_ESCALATION_DAYS = env.int("CAS_ESCALATION_DAYS", 7)

# What stands on a client's pages, in this order: callables that give a panel (docs/adr/0005).
CLIENT_PANELS = {
    "dashboard": [
        "clients.panels.alerts",
        "enrollments.panels.enrollments",
        "enrollments.panels.case_managers",
        "casenotes.panels.case_notes",
        "files.panels.client_files",
        "files.panels.document_checks",
        "casenotes.panels.services",
        "clients.panels.interested_others",
    ],
    "edit": ["enrollments.panels.answers"],
}

# What upper floors say of a client on every page: callables that take the queryset that reads the
# client, and the user, and annotate it (docs/adr/0025).
CLIENT_MARKS = ["enrollments.marks.with_death"]

# What the access log calls a page: a function of the name of its URL (docs/adr/0030).
ACCESS_PAGE_NAMES = "hmis.page_names.page_name"

# What an officer should know of before somebody's access ends: callables that list open work
# (agencies/work.py).
OPEN_WORK = ["enrollments.assignments.open_work.case_assignments"]
WORK_HAND_OVERS = ["enrollments.assignments.actions.hand_over_all"]

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
    "enrollments.admin.paused_intakes_card",
    "privacy.admin.requests_card",
    "privacy.admin.retention_card",
    "clients.admin.deleted_records.deleted_card",
]

# Who is told when case assignments were written (docs/adr/0012).
CASE_ASSIGNMENT_LISTENERS = ["cas.actions.assignments.assignments_written"]

# Coordinated Access: of what happened longer ago nobody is notified; a client of whom nothing was
# recorded for so long is inactive (0: nobody is notified).
CAS_RECENT_DAYS = env.int("CAS_RECENT_DAYS", 14)
CAS_INACTIVE_DAYS = env.int("CAS_INACTIVE_DAYS", 60)

# Logs: one line an event on standard error, never a value that a person typed.
LOG_FORMAT = env.str("LOG_FORMAT", "plain", validate=validate.OneOf(["plain", "json"]))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "discreet": {"()": "hmis.logs.DiscreetFormatter", "as_json": LOG_FORMAT == "json"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.request": {"level": "ERROR"},
        # Scanners ask for any host; the answer is 400, and a stack for each would fill the log.
        "django.security.DisallowedHost": {"level": "CRITICAL", "propagate": False},
        # hmis.faults says once a request what it says at every attempt.
        "psycopg.pool": {"level": "ERROR"},
        # They name the characters of what is printed.
        "fontTools": {"level": "ERROR"},
        "fpdf": {"level": "ERROR"},
    },
}

# History: each event carries who wrote it, and cannot be changed or deleted.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField(null=True)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_constraint=False)

unsafe_settings.refuse(vars(), os.environ)
