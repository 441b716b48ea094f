"""Settings, all of them from the environment or from `.env`; `.env.example` documents each one."""

import os
from importlib.util import find_spec

import pghistory
from csp.constants import NONE, SELF
from environs import Env, validate

from hmis import (
    cas_settings,
    database_settings,
    demo_keys,
    environment,
    file_stores,
    limit_settings,
    logs,
    mail_settings,
    seal_settings,
    transport_settings,
    unsafe_settings,
)
from hmis.environment import BASE_DIR, absolute
from hmis.extensions import *  # noqa: F403 -- CLIENT_PANELS, MAIL_KINDS and the like

environment.load()
env = Env()

DATA_DIR = environment.data_dir()
DEMO = env.bool("HMIS_DEMO", False)
if DEMO:
    demo_keys.load(DATA_DIR / "keys.env")
    demo_keys.load_seal(DATA_DIR / "seal")

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
    "tasks",
    "files",
    "consent",
    "cas",
    "privacy",
    "exchange",
    "hmis",
]

if find_spec("django_linear_migrations"):  # a tool of the developers' machines
    INSTALLED_APPS.append("django_linear_migrations")

MIDDLEWARE = [
    "hmis.middleware.request_id.RequestIdMiddleware",  # the outermost
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hmis.middleware.compression.PageCompressionMiddleware",
    "hmis.middleware.content_policy.ContentPolicyMiddleware",
    "hmis.middleware.requests.HeadMiddleware",
    "hmis.middleware.requests.TextMiddleware",
    "hmis.middleware.session.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "hmis.middleware.session.PrivacyMiddleware",
    "hmis.middleware.session.SessionEndMiddleware",
    "hmis.middleware.session.IdleTimeoutMiddleware",
    "hmis.middleware.session.LoginMiddleware",
    "hmis.middleware.second_factor.SecondFactorMiddleware",
    "hmis.middleware.organization.OrganizationMiddleware",
    "hmis.middleware.access.AccessMiddleware",
    "hmis.middleware.organization.HistoryMiddleware",
    "hmis.middleware.requests.VerbMiddleware",
    "hmis.middleware.limits.LimitMiddleware",
    "records.retries.RetryMiddleware",  # the innermost: nothing but the view is run again
]

ROOT_URLCONF = "hmis.urls"
WSGI_APPLICATION = "hmis.wsgi.application"

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
            "builtins": [
                "allauth.templatetags.allauth",
                "django.contrib.admin.templatetags.admin_urls",
                "django.templatetags.l10n",
                "django.templatetags.static",
                "records.templatetags.components",
                "template_partials.templatetags.partials",
            ],
        },
    },
]
FORM_RENDERER = "records.widgets.Renderer"

# The web server: hmis/server/config.py
WEB_BIND = env.str("WEB_BIND", "127.0.0.1:8000")
WEB_WORKERS = env.int("WEB_WORKERS", 3)
WEB_THREADS = env.int("WEB_THREADS", 8)
WEB_ACCESS_LOG = env.bool("WEB_ACCESS_LOG", not DEMO)

# Connections to other machines are in TLS and verified, by the system's certificates or by those of
# this file; the database has its own in its address. What is named in ALLOW_WITHOUT_TLS is not.
TLS_CA_FILE = str(absolute(env.str("TLS_CA_FILE"))) if env.str("TLS_CA_FILE", "") else ""
ALLOW_WITHOUT_TLS = env.list("ALLOW_WITHOUT_TLS", [])
# Database, cache and sessions: PostgreSQL keeps all three, Redis may take the last two.
vars().update(database_settings.chosen(env, tls_ca_file=TLS_CA_FILE))
if env.str("DATABASE_REPLICA_URL", ""):
    DATABASE_ROUTERS = ["hmis.replica.ReplicaRouter"]
    MIDDLEWARE.append("hmis.middleware.replica.ReplicaMiddleware")
# The folder of pg_dump and pg_restore, where they are not found (docs/backup.md).
PG_PROGRAMS = env.str("PG_PROGRAMS", "")
# For the arithmetic of connections in hmis.checks
WEB_MACHINES = env.int("WEB_MACHINES", 1)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
    "change_password": "hmis.account_forms.ChangePasswordForm",
    "reset_password": "hmis.account_forms.ResetPasswordForm",
    "reset_password_from_key": "hmis.account_forms.ResetPasswordKeyForm",
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
INVITATION_DAYS = env.int("INVITATION_DAYS", 14, validate=validate.Range(1))
INVITATIONS_A_DAY = env.int("INVITATIONS_A_DAY", 50, validate=validate.Range(1))
PASSWORD_RESET_TIMEOUT = env.int("PASSWORD_LINK_HOURS", 72) * 3600
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
# Nobody signs up here with an address of somebody else; no row of allauth's bars a factor.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_ADAPTER = "hmis.accounts.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "hmis.account_forms.ActivateTOTPForm",
    "authenticate": "hmis.account_forms.AuthenticateForm",
    "reauthenticate": "hmis.account_forms.ReauthenticateForm",
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

# What one user may do, and what alerts the officers
vars().update(limit_settings.chosen(env))

# Emergency access to restricted clients (docs/adr/0034), and for how many hours.
BREAK_GLASS = env.bool("BREAK_GLASS", DEMO)
BREAK_GLASS_HOURS = env.int("BREAK_GLASS_HOURS", 4, validate=validate.Range(1, 72))

# Transport and browser
vars().update(transport_settings.chosen(env, demo=DEMO))
CSRF_FAILURE_VIEW = "hmis.errors.form_expired"
# Messages name clients: they stay on the server.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
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

# Clients' files: in MEDIA_ROOT on this machine, or in an S3 store where S3_BUCKET names one
vars().update(file_stores.upload_settings(env, data_dir=DATA_DIR))

# The seal on signed releases of information
vars().update(seal_settings.chosen(env))

# Mail
vars().update(mail_settings.chosen(env, demo=DEMO, data_dir=DATA_DIR))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "hmis@localhost")
HELP_DESK_EMAIL = env.str("HELP_DESK_EMAIL", "helpdesk@localhost")
vars().update(mail_settings.times(env))
# Mails that nobody's request sends need the portal's address for their links.
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000/" if DEMO else "")

# Rights of clients (docs/privacy.md): days to answer a request, and years after the last change of
# a record until it may be erased.
CLIENT_REQUEST_DAYS = env.int("CLIENT_REQUEST_DAYS", 30, validate=validate.Range(1, 365))
RETENTION_YEARS = env.int("RETENTION_YEARS", 7, validate=validate.Range(1, 100))

# HMIS CSV exports (docs/exchange.md): the Continuums of Care whose HMIS this is, such as CA-501,
# and a name of this database that no other one has; without, one is made from SSN_HASH_KEY.
HMIS_COC_CODES = env.list("HMIS_COC_CODES", [])
HMIS_IMPLEMENTATION_ID = env.str("HMIS_IMPLEMENTATION_ID", "")

# Words and times
TIME_ZONE = env.str("TIME_ZONE", "America/New_York")
USE_I18N = False
FORMAT_MODULE_PATH = "hmis.formats"
SITE_NAME = env.str("SITE_NAME", "HMIS")

# Coordinated Access
vars().update(cas_settings.chosen(env))

# Logs
LOG_FORMAT = env.str("LOG_FORMAT", "plain", validate=validate.OneOf(["plain", "json"]))
LOGGING = logs.chosen(LOG_FORMAT, level=env.str("LOG_LEVEL", "INFO"))

# History: each event carries who wrote it, and cannot be changed or deleted.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField(null=True)
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(db_constraint=False, db_index=True)
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_constraint=False, db_index=False)

unsafe_settings.refuse(vars(), os.environ)
