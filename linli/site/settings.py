"""Settings, twelve-factor: every value comes from the environment through a helper that refuses a bad one by name."""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

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
        raise ImproperlyConfigured(f"DATABASE_URL must start with postgres:// (it starts with {parts.scheme!r}); linli runs on PostgreSQL only")
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
    "linli.review.indicators",
    "linli.portals.resident",
    "linli.portals.field",
    "linli.portals.desk",
    "linli.portals.cockpit",
    "linli.site",
]
MIDDLEWARE = [
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
        "OPTIONS": {"environment": "linli.site.jinja.environment"},
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
DATABASES = {"default": database(_url) if _url else {"ENGINE": "django.db.backends.postgresql", "NAME": "linli"}}
DATABASES["default"]["TEST"] = {"NAME": env_text("LINLI_TEST_DB", "test_linli")}
if not TESTING:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": env_int("LINLI_DB_POOL", 8), "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"] if TESTING else ["django.contrib.auth.hashers.Argon2PasswordHasher"]

# --- Language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- Maps: no base map is needed; one may be named as a template of tile addresses, e.g. …/{z}/{x}/{y}.png --------------
BASEMAP = env_text("LINLI_BASEMAP")
MAP_NOTE = env_text("LINLI_MAP_NOTE", "县界:天地图;县以下边界为示意")

# --- Files --------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "site" / "static"]
STATIC_ROOT = Path(env_text("LINLI_STATIC", str(ROOT / "var" / "static")))
# After `collectstatic` names carry a hash of the content and are kept for ever; before it, files come from the package.
COLLECTED = not DEBUG and not TESTING and (STATIC_ROOT / "staticfiles.json").exists()
WHITENOISE_USE_FINDERS = not COLLECTED
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if COLLECTED or "collectstatic" in sys.argv
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = Path(env_text("LINLI_MEDIA", str(ROOT / "var" / "media")))

# --- What strangers may open besides the views marked @public: pages of libraries, by the names of their URLs --------
PUBLIC_URL_NAMES = {
    "account_login",
    "account_logout",
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
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
CSRF_FAILURE_VIEW = "linli.site.web.csrf_failed"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True  # Scripts take the token from the page.
