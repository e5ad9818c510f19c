"""Settings, all from the environment; `docs/operations.md` explains each variable.

Importing this file needs no database, no broker and no running server.
"""

import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from loci.core.sweeps import beat_schedule

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})
LOCI_LOCAL: bool = env.bool("LOCI_LOCAL", default=False)
LOCI_DEMO: bool = env.bool("LOCI_DEMO", default=False)
LOCI_DEMO_FORCE: bool = env.bool("LOCI_DEMO_FORCE", default=False)
LOCI_DEMO_SECOND_FACTOR: bool = env.bool("LOCI_DEMO_SECOND_FACTOR", default=False)
LOCI_OWN_DATABASE: bool = env.bool("LOCI_OWN_DATABASE", default=False)
LOCI_QUEUE: str = env.str("LOCI_QUEUE", default="default")
LOCI_SWEEP_SECONDS: float = env.float("LOCI_SWEEP_SECONDS", default=60.0)
LOCI_DEAF_SECONDS: float = env.float("LOCI_DEAF_SECONDS", default=90.0)
LOCI_CLAIM_SECONDS: int = env.int("LOCI_CLAIM_SECONDS", default=120)
LOCI_EMBEDDER: str = env.str(
    "LOCI_EMBEDDER", default="surveys.analysis.embedders.default_embedder"
)
LOCI_SITE_URL: str = env.str("LOCI_SITE_URL", default="http://localhost:8000")

DEBUG: bool = env.bool("LOCI_DEBUG", default=False)
ALLOWED_HOSTS: list[str] = env.list("LOCI_HOSTS", default=["127.0.0.1", "localhost"])
SECRET_KEY: str = env.str("LOCI_SECRET_KEY", default="")
if not SECRET_KEY:
    if "DATABASE_URL" in env.ENVIRON:
        raise ImproperlyConfigured("LOCI_SECRET_KEY is needed beside DATABASE_URL.")
    SECRET_KEY = secrets.token_urlsafe(48)  # a tool without a database: mypy, checks
if LOCI_LOCAL and not set(ALLOWED_HOSTS) <= LOOPBACK_HOSTS:
    raise ImproperlyConfigured("LOCI_LOCAL=1 is for loopback: see LOCI_HOSTS.")
if DEBUG and not LOCI_LOCAL:
    raise ImproperlyConfigured("LOCI_DEBUG=1 needs LOCI_LOCAL=1.")
if LOCI_DEMO and not (LOCI_DEMO_FORCE or (LOCI_LOCAL and LOCI_OWN_DATABASE)):
    raise ImproperlyConfigured(
        "LOCI_DEMO=1 opens every account to everybody: it needs LOCI_LOCAL=1 and the "
        "database that `make run` started, or LOCI_DEMO_FORCE=1."
    )

INSTALLED_APPS = [
    "loci.core",
    "loci.accounts",
    "loci.notices",
    "localities",
    "surveys",
    "matchmaking",
    "meetings",
    "loci.cycles",
    "loci.pages",
    "loci.cockpit",
    "loci.cockpit.admin_app.CockpitAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
]

MIDDLEWARE = [
    "loci.core.http.PlainAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "loci.accounts.http.PersonLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "loci.urls"
WSGI_APPLICATION = "loci.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "django.template.context_processors.i18n",
                "loci.pages.context.page_shell",
            ],
        },
    }
]

_DATABASE = env.db_url("DATABASE_URL", default="postgres://loci@127.0.0.1/loci")
DATABASES = {
    "default": {
        **_DATABASE,
        "CONN_MAX_AGE": env.int("LOCI_CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 3,
            "options": "-c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"
            " -c statement_timeout=60s -c pg_trgm.word_similarity_threshold=0.5",
            **_DATABASE.get("OPTIONS", {}),
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env.str("REDIS_URL", default="redis://127.0.0.1:6379")
_REDIS = urlsplit(REDIS_URL)
if _REDIS.scheme == "unix":
    CELERY_BROKER_URL = f"redis+socket://{_REDIS.path}?virtual_host=0"
    _CACHE_URL = f"unix://{_REDIS.path}?db=1"
else:
    _SERVER = _REDIS._replace(path="").geturl()
    CELERY_BROKER_URL, _CACHE_URL = f"{_SERVER}/0", f"{_SERVER}/1"
CACHES = {
    "default": {
        "BACKEND": "loci.core.cache.ForgivingRedisCache",
        "LOCATION": _CACHE_URL,
        "OPTIONS": {"socket_timeout": 0.3, "socket_connect_timeout": 0.3},
        "KEY_PREFIX": env.str("LOCI_CACHE_PREFIX", default="loci"),
    },
    "counts": {  # of sign-in: they hold when the cache is away or forgot
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_count",
        "KEY_FUNCTION": "loci.core.cache.sealed_key",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
}

CELERY_TIMEZONE, CELERY_TASK_DEFAULT_QUEUE = "UTC", LOCI_QUEUE
CELERY_TASK_ROUTES = ("loci.core.jobs.route",)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = 10  # then it ends, and is started anew
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,
    "socket_connect_timeout": 1,
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "health_check_interval": 10,
    "retry_on_timeout": False,
    "max_retries": 1,
}
CELERY_BEAT_SCHEDULE = beat_schedule(LOCI_SWEEP_SECONDS)

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "pages:home", "pages:landing"
ACCOUNT_FORMS = {"login": "loci.accounts.forms.SignInForm"}
ACCOUNT_ADAPTER = "loci.notices.adapter.InvitedOnly"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 20 * 60
ACCOUNT_RATE_LIMITS = {  # a workshop signs in from one address; wrong passwords stay few
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/300s/key",
    "request_login_code": "120/m/ip,5/m/key",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # the adapter writes it and sends nothing
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("LOCI_TRUSTED_PROXIES", default=0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "LOCI"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off (RFC 6238, 5.2)
MFA_ADAPTER = "loci.accounts.adapter.SealedSecrets"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCI_LOCAL

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("es", "Español"),
    ("fr", "Français"),
    ("id", "Bahasa Indonesia"),
    ("ru", "Русский"),
    ("uk", "Українська"),
]
FORMAT_MODULE_PATH = ["loci.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT: str | None = (
    None
    if LOCI_LOCAL
    else env.str("LOCI_STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = LOCI_LOCAL
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if LOCI_LOCAL
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}

CRISPY_ALLOWED_TEMPLATE_PACKS, CRISPY_TEMPLATE_PACK = ["loci"], "loci"

globals().update(
    env.email_url("LOCI_MAIL_URL", default="consolemail://")
    if not LOCI_DEMO
    else {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env.str("LOCI_MAIL_FROM", default="LOCI <loci@localhost>")

SECURE_SSL_REDIRECT = not LOCI_LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz(/workers)?$"]
SECURE_HSTS_SECONDS = 0 if LOCI_LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCI_LOCAL
SECURE_REFERRER_POLICY = "same-origin"
if env.int("LOCI_TRUSTED_PROXIES", default=0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not LOCI_LOCAL
SESSION_COOKIE_NAME = "loci_session" if LOCI_LOCAL else "__Host-session"
CSRF_COOKIE_NAME = "loci_csrf" if LOCI_LOCAL else "__Host-csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "loci.pages.views.refusals.stale_form"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_TRUSTED_ORIGINS: list[str] = env.list("LOCI_TRUSTED_ORIGINS", default=[])
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
