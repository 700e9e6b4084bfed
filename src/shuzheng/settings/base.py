"""Settings common to every environment."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from shuzheng.settings.accounts import *
from shuzheng.settings.archives import *
from shuzheng.settings.environment import boolean, declare, home, words
from shuzheng.settings.payments import *
from shuzheng.settings.seals import *
from shuzheng.settings.services import *
from shuzheng.settings.storage import *
from shuzheng.settings.texts import *
from shuzheng.settings.trust import *

SOURCE = Path(__file__).resolve().parent.parent
ROOT = SOURCE.parent.parent
HOME = home()

SECRET_KEY = declare(
    "SHUZHENG_SECRET_KEY", str, "", "Signs sessions; created under SHUZHENG_HOME/keys when empty.", secret=True
)
DEBUG = False
DEMO = declare("SHUZHENG_DEMO", boolean, "0", "Show the demo banner, demo accounts and the style guide.")
ALLOWED_HOSTS = declare("SHUZHENG_HOSTS", words, "localhost,127.0.0.1,[::1]", "Host names this site answers to.")
CSRF_TRUSTED_ORIGINS = declare(
    "SHUZHENG_ORIGINS", words, "", "Origins trusted behind a proxy, e.g. https://gov.example.cn."
)
METRICS_TOKEN = declare(
    "SHUZHENG_METRICS_TOKEN", str, "", "Opens /metrics; without it only this machine may.", secret=True
)
PLACE = declare("SHUZHENG_PLACE", str, "江西省", "Place whose government this is, shown beside the name.")
PACKS = [ROOT / "packs"]

INSTALLED_APPS = [
    "shuzheng.kernel",
    "shuzheng.engines.vocabulary",
    "shuzheng.engines.trust",
    "shuzheng.engines.identity",
    "shuzheng.engines.documents",
    "shuzheng.engines.messaging",
    "shuzheng.engines.forms",
    "shuzheng.engines.payment",
    "shuzheng.engines.casework",
    "shuzheng.engines.insight",
    "shuzheng.engines.resources",
    "shuzheng.portals.citizen",
    "shuzheng.portals.office",
    "shuzheng.portals.admin",
    "shuzheng.ui",
    "django_cotton.apps.SimpleAppConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "shuzheng.kernel.http.CorrelationMiddleware",
    "shuzheng.kernel.metrics.MetricsMiddleware",
    "shuzheng.kernel.security.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shuzheng.kernel.http.ActorMiddleware",
    "shuzheng.engines.identity.middleware.ApplicationMiddleware",
    "shuzheng.engines.identity.middleware.SecondFactorMiddleware",
    "shuzheng.kernel.http.AccessMiddleware",
    "shuzheng.kernel.http.ProblemMiddleware",
    # Last, so that it turns its own exceptions (confirm your password first) into redirects before they count as errors.
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "shuzheng.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "shuzheng.ui.context.ui",
            ],
        },
    }
]

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [SOURCE / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "shuzheng.settings.assets.VendorFinder",
]
NODE_MODULES = ROOT / "node_modules"
#: Shared by all processes: allauth remembers here which one-time codes were used.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "identity_cache"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

SHUZHENG_AUDIT_SINK = "shuzheng.engines.trust.audit.insertion"
SHUZHENG_PULSE = "shuzheng.engines.resources.pulse.beat"
SHUZHENG_SCALING_OF = "shuzheng.engines.resources.direction"
SHUZHENG_MASK = "shuzheng.engines.trust.masking.mask"
SHUZHENG_ACTOR_OF = "shuzheng.engines.identity.sessions.actor_of"
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
