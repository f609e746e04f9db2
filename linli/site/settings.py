"""Settings, twelve-factor: every value comes from the environment through a helper that refuses a bad one by name."""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from linli.kernel.text import translatable

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent


# --- Helpers -------------------------------------------------------------------------------------------------------
def env_text(name: str, default: str = "") -> str:
    """A setting as text; NAME_FILE names a file to read it from instead (for secrets)."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE={path}: cannot be read ({error.strerror})") from error
    return os.environ.get(name, default)


def env_bool(name: str, *, default: bool) -> bool:
    """A switch: 1/true/yes/on or 0/false/no/off."""
    value = os.environ.get(name, "")
    if not value:
        return default
    if value.lower() in {"1", "true", "yes", "on"}:
        return True
    if value.lower() in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: say 1 or 0")


def env_int(name: str, default: int) -> int:
    """A whole number."""
    value = os.environ.get(name, "")
    try:
        return int(value) if value else default
    except ValueError:
        raise ImproperlyConfigured(f"{name}={value!r}: say a whole number") from None


def database(url: str) -> dict[str, Any]:
    """Django's description of postgres://user:password@host:port/name?host=/socket/folder. PostgreSQL only."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL must start with postgres:// (it starts with {parts.scheme!r}); linli runs on PostgreSQL only"
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "linli",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }


# --- What this process is -----------------------------------------------------------------------------------------
DEBUG = env_bool("LINLI_DEBUG", default=False)
DEMO = env_bool("LINLI_DEMO", default=False)  # One-click sign-in as the demo's people. Never on a real city.
TESTING = "pytest" in sys.modules
PACK = Path(env_text("LINLI_PACK", str(ROOT / "packs" / "binzhou")))
SECRET_KEY = env_text("LINLI_SECRET_KEY", "only-for-tests-and-checks" if TESTING or DEBUG else "")
ALLOWED_HOSTS = env_text("LINLI_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
BASE_URL = env_text("LINLI_URL", "http://localhost:8000")  # What QR codes and e-mails point to.

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.weixin",
    "allauth.mfa",
    "allauth.usersessions",
    "linli.mechanisms.journal",
    "linli.mechanisms.rulebook",
    "linli.mechanisms.territory",
    "linli.mechanisms.access",
    "linli.mechanisms.flow",
    "linli.work.matters",
    "linli.work.notices",
    "linli.work.whistles",
    "linli.work.tasks",
    "linli.work.announcements",
    "linli.review.indicators",
    "linli.portals.resident",
    "linli.portals.field",
    "linli.portals.desk",
    "linli.portals.cockpit",
    "linli.portals.audit",
    "linli.portals.places",
    "linli.portals.rules",
    "linli.portals.calendars",
    "linli.portals.opendata",
    "linli.gateways.open311",
    "linli.gateways.hotline",
    "linli.gateways.sms",
    "linli.gateways.webhooks",
    "linli.portals.openapi",
    "linli.site",
]
MIGRATION_MODULES: dict[str, str | None] = {}
if TESTING:  # A subject small enough to test the mechanisms on; its tables are made without migrations.
    INSTALLED_APPS.append("tests.toy")
    MIGRATION_MODULES["toy"] = None
MIDDLEWARE = [
    "linli.site.observe.Observer",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "linli.mechanisms.access.middleware.ActorMiddleware",
    "linli.site.signin.SignedIn",
    "linli.site.web.Refusals",
]
ROOT_URLCONF = "linli.site.urls"
WSGI_APPLICATION = "linli.site.wsgi.application"

# --- Pages: Jinja2 for ours, Django's templates only for what allauth ships -----------------------------------------
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "site" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "linli.site.jinja.environment",
            # Our views answer through access.pages; this is for allauth's, which call Django's own render.
            "context_processors": ["linli.mechanisms.access.pages.surroundings"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "site" / "templates_django"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# --- The database -------------------------------------------------------------------------------------------------
_url = env_text("DATABASE_URL")
DATABASES: dict[str, dict[str, Any]] = {
    "default": database(_url) if _url else {"ENGINE": "django.db.backends.postgresql", "NAME": "linli", "OPTIONS": {}}
}
DATABASES["default"]["OPTIONS"].update(
    server_side_binding=True,  # Values go beside the statement, so that the server plans it once a connection.
    prepare_threshold=env_int("LINLI_DB_PREPARE", 3) or None,  # Why: docs/decisions/0009-prepared-statements.md.
)
DATABASES["default"]["TEST"] = {"NAME": env_text("LINLI_TEST_DB", "test_linli")}
if not TESTING:
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 1,
        "max_size": env_int("LINLI_DB_POOL", 8),
        "timeout": 10,
        "reconnect_timeout": 5,  # psycopg's waits double for five minutes; a database that is back must be seen at once.
    }
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = (
        True  # One empty round trip; else a restart costs an error a connection.
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and sign-in -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher" if TESTING else "linli.site.passwords.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "phone", "email")},
    },
    {"NAME": "linli.site.passwords.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "access:start"
SURFACES = [  # Where somebody begins the day: the first page whose power their post has.
    ("desk:queue", "matters.assign"),
    ("field:today", "matters.settle"),
    ("desk:queue", "matters.accept"),
    ("rulebook:index", "rulebook.enact"),
    ("access:people", "access.appoint"),
    ("audit:home", "journal.read"),
    ("cockpit:board", "indicators.read"),
    ("desk:queue", "matters.read"),
]
REQUIRE_MFA = env_bool("LINLI_REQUIRE_MFA", default=not (DEMO or DEBUG or TESTING))  # A second factor for all staff.

# A session ends after twelve hours without a click; what it touches goes over https wherever the city has https.
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # Strict would lose the way back from a sign-in provider.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BASE_URL.startswith("https://")

# Counts of failed sign-ins are shared by every process, so they are in the database. The table is UNLOGGED.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "site_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # Django's 300 would let an attacker push the counts out.
    }
}

ACCOUNT_ADAPTER = "linli.site.signin.Accounts"
ACCOUNT_TEMPLATE_EXTENSION = "jinja"  # allauth's pages are written anew, in our look and our words.
ACCOUNT_FORMS = {"reset_password": "linli.site.passwords.ResetForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]  # Asked for by allauth's checks; nobody may sign up.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True  # All sessions alike: SESSION_COOKIE_AGE after the last click.
ACCOUNT_USER_DISPLAY = "linli.site.signin.display"
ACCOUNT_RATE_LIMITS = {
    # Five wrong passwords or codes for one account. They are counted before the password is hashed, and a right one is
    # taken off again: guessing and spraying end here, whatever the next line says.
    "login_failed": "60/5m/ip,5/15m/key",
    # Every try, right ones too. A government building sits behind one address and begins work at one hour: two cores
    # cannot sign in this many in a minute (docs/decisions/0010-password-hash.md), so it is never refused.
    "login": "2400/m/ip",
    "reset_password": "20/m/ip,3/h/key",
}
# Reverse proxies in front; their X-Forwarded-For is believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env_int("LINLI_PROXIES", 0)

MFA_ADAPTER = "linli.site.signin.SecondFactors"
MFA_FORMS = {
    "add_webauthn": "linli.site.passkeys.AddForm",
    "authenticate_webauthn": "linli.site.passkeys.AuthenticateForm",
    "login_webauthn": "linli.site.passkeys.LoginForm",
    "reauthenticate_webauthn": "linli.site.passkeys.ReauthenticateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "邻里"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True  # Who appoints wrote the address down; accounts work without one.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = BASE_URL.startswith("http://")  # Browsers themselves allow only localhost.


def oidc_providers() -> list[dict[str, Any]]:
    """Sign-in with the city's own identity provider: LINLI_OIDC_ID and so on, a second one as LINLI_OIDC_2_ID.

    LINLI_OIDC_CLAIM names the claim that says who somebody is, LINLI_OIDC_MATCH what it is compared with: username or
    phone. Choose a claim that people cannot change themselves.
    """
    found = []
    for prefix in ("LINLI_OIDC", *(f"LINLI_OIDC_{n}" for n in range(2, 10))):
        if not (key := env_text(f"{prefix}_ID")):
            continue
        issuer, client, secret = (env_text(f"{prefix}_{part}") for part in ("ISSUER", "CLIENT_ID", "SECRET"))
        missing = [part for part, value in (("ISSUER", issuer), ("CLIENT_ID", client), ("SECRET", secret)) if not value]
        if missing:
            raise ImproperlyConfigured(
                f"{prefix}_ID={key!r} also needs " + ", ".join(f"{prefix}_{part}" for part in missing)
            )
        match = env_text(f"{prefix}_MATCH", "username")
        if match not in {"username", "phone"}:
            raise ImproperlyConfigured(f"{prefix}_MATCH={match!r}: say username or phone")
        claim = env_text(f"{prefix}_CLAIM", {"username": "preferred_username", "phone": "phone_number"}[match])
        found.append(
            {
                "provider_id": key,
                "name": env_text(f"{prefix}_NAME", key),
                "client_id": client,
                "secret": secret,
                "settings": {
                    "server_url": issuer,
                    "issuer": issuer,
                    "claim": claim,
                    "match": match,
                    "oauth_pkce_enabled": True,
                },
            }
        )
    return found


SOCIALACCOUNT_ADAPTER = "linli.site.signin.Providers"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {
    "openid_connect": {"provider_class": "linli.site.oidc.provider.CityProvider", "APPS": oidc_providers()},
    "weixin": {
        "APPS": [
            {"client_id": env_text("LINLI_WEIXIN_APP_ID"), "secret": env_text("LINLI_WEIXIN_SECRET"), "name": "微信"}
        ]
        if env_text("LINLI_WEIXIN_APP_ID")
        else []
    },
}

# --- Residents' contact data: sealed under keys that are never in the database ------------------------------------
# A file of lines "id cipher secret", the key in use first, or the same lines in the environment.
CONTACT_KEYS_FILE = os.environ.get("LINLI_CONTACT_KEYS_FILE", "")
CONTACT_KEYS = os.environ.get("LINLI_CONTACT_KEYS", "")
if TESTING and not (CONTACT_KEYS or CONTACT_KEYS_FILE):
    CONTACT_KEYS = "k260101-test aes-256-gcm b25seSBmb3IgdGVzdHMsIG5vdCBmb3IgYW55IGNpdHk="
CONTACT_CIPHER = env_text("LINLI_CONTACT_CIPHER", "aes-256-gcm")  # Of the next new key: aes-256-gcm or sm4-gcm.
if CONTACT_CIPHER not in {"aes-256-gcm", "sm4-gcm"}:
    raise ImproperlyConfigured(f"LINLI_CONTACT_CIPHER={CONTACT_CIPHER!r}: say aes-256-gcm or sm4-gcm")
CONTACT_KEY_DAYS = env_int("LINLI_CONTACT_KEY_DAYS", 365)  # linli doctor asks for a new key after so many days.

# --- Language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Maps: no base map is needed; one may be named as a template of tile addresses, …/{z}/{x}/{y}.png ---------------
BASEMAP = env_text("LINLI_BASEMAP")
MAP_NOTE = env_text("LINLI_MAP_NOTE", translatable("县界：天地图；县以下边界为示意"))

# --- Letters ------------------------------------------------------------------------------------------------------
EMAIL_HOST = env_text("LINLI_MAIL_HOST", "localhost")
EMAIL_PORT = env_int("LINLI_MAIL_PORT", 25)
EMAIL_HOST_USER = env_text("LINLI_MAIL_USER")
EMAIL_HOST_PASSWORD = env_text("LINLI_MAIL_PASSWORD")
EMAIL_USE_TLS = env_bool("LINLI_MAIL_TLS", default=False)
EMAIL_TIMEOUT = 20  # A post office that does not answer must not hold up the worker.
DEFAULT_FROM_EMAIL = env_text("LINLI_MAIL_FROM", f"linli@{urlsplit(BASE_URL).hostname or 'localhost'}")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Other systems of the city ------------------------------------------------------------------------------------
# The 12345 hotline: where its interface answers, and the secret with which both sides sign.
HOTLINE_URL = env_text("LINLI_HOTLINE_URL")
HOTLINE_SECRET = env_text("LINLI_HOTLINE_SECRET")
# Text messages, by any provider that takes them over HTTP. Without an address none are offered and none are sent.
SMS_URL = env_text("LINLI_SMS_URL")
SMS_SECRET = env_text("LINLI_SMS_SECRET")
SMS_BODY = env_text("LINLI_SMS_BODY", '{"phone": "{phone}", "text": "{text}", "id": "{mark}"}')
SMS_HEADERS = env_text("LINLI_SMS_HEADERS", '{"Content-Type": "application/json"}')
SMS_SIGNED = env_text("LINLI_SMS_SIGNED", "{mark}{phone}{time}{text}")  # What {sign} is the HMAC-SHA256 of.
SMS_ACCEPTED = env_text("LINLI_SMS_ACCEPTED")  # What an answer that took it contains; empty: any 2xx is one.

# --- Files --------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
_static = Path(env_text("LINLI_STATIC", str(ROOT / "var" / "static")))
# After `collectstatic` names carry a hash of the content and are kept for ever; before it, files come from the package.
COLLECTED = "collectstatic" in sys.argv or (not DEBUG and not TESTING and (_static / "staticfiles.json").exists())
STATIC_ROOT = _static if COLLECTED else None
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
_collected, _plain = (
    "whitenoise.storage.CompressedManifestStaticFilesStorage",
    "django.contrib.staticfiles.storage.StaticFilesStorage",
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _collected if COLLECTED else _plain},
}
FILE_UPLOAD_HANDLERS = [
    "linli.site.uploads.Quota",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
MEDIA_ROOT = Path(env_text("LINLI_MEDIA", str(ROOT / "var" / "media")))

# --- How often strangers may post: (how many, in how many seconds); each refills evenly. Staff are never limited ---------
PUBLIC_LIMITS = {
    "try": {"device": (60, 3600), "address": (300, 3600)},  # Every sending, also of a form that is not accepted.
    "report": {"device": (10, 3600), "address": (60, 3600)},  # 诉求
    "add": {"device": (20, 3600), "address": (100, 3600)},  # 补充
    "support": {"device": (30, 3600), "address": (120, 3600)},  # 附议
}

# --- How often an outside system may call Open311 in an hour ---------------------------------------------------------
OPEN311_LIMITS = {"read": {"address": 1200, "key": 12_000}, "send": {"address": 1200, "key": 600}}

# --- How often a token may call the JSON API: (how many, in how many seconds); each refills evenly. `refused`: by address
API_LIMITS = {"read": (6000, 3600), "write": (1200, 3600), "refused": (120, 3600)}

# --- Webhooks: outside systems that are told what happens -------------------------------------------------------------
WEBHOOKS_LAN = env_bool("LINLI_WEBHOOKS_LAN", default=False)  # Let subscriptions name http and the city's own network.
WEBHOOKS_TIMEOUT = 10.0  # Seconds for one delivery, all in all.
WEBHOOKS_DAYS = 3  # After so many days of nothing but failures a subscription is switched off.

# --- What strangers may open besides the views marked @public: pages of libraries, by the names of their URLs --------
PUBLIC_URL_NAMES = {
    "account_login",
    "account_logout",
    "account_signup",
    "socialaccount_signup",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_inactive",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
    "weixin_login",
    "weixin_callback",
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
}

# --- Safety: what a browser may do with our pages ---------------------------------------------------------------------
_basemap_host = [f"{urlsplit(BASEMAP).scheme}://{urlsplit(BASEMAP).hostname}"] if BASEMAP.startswith("https://") else []
# A browser holds the way to a sign-in provider, which begins with a form of ours, to this list as well.
_sign_in_hosts = ["{0.scheme}://{0.netloc}".format(urlsplit(app["settings"]["server_url"])) for app in oidc_providers()]
_sign_in_hosts += ["https://open.weixin.qq.com"] if env_text("LINLI_WEIXIN_APP_ID") else []
_sign_in_hosts += env_text(
    "LINLI_SIGN_IN_HOSTS"
).split()  # Where a provider's sign-in page is on another host than its issuer.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *_basemap_host],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *_basemap_host],
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'", *_sign_in_hosts],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
CSRF_FAILURE_VIEW = "linli.site.web.csrf_failed"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CSRF_COOKIE_HTTPONLY = True  # Scripts take the token from the page.

# --- What is told to the operator: JSON lines without residents' data (site/loglines.py), and /metrics ----------------
METRICS_TOKEN = env_text("LINLI_METRICS_TOKEN")  # Empty: /metrics answers only to this machine.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "linli.site.loglines.JsonLines"}},
    "filters": {"without_request": {"()": "linli.site.loglines.WithoutRequest"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["without_request"]}},
    "root": {"handlers": [] if TESTING else ["stderr"], "level": "WARNING"},
    "loggers": {
        "linli": {"level": env_text("LINLI_LOG_LEVEL", "INFO").upper()},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # A wrong address is not worth a line; an error of ours is.
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
    },
}
