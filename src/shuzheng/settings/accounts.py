"""Settings of accounts, sign-in and sessions (ASVS level 2)."""

from __future__ import annotations

from shuzheng.settings.environment import boolean, declare

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["shuzheng.engines.identity.backends.IdentifierBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "shuzheng.engines.identity.passwords.MaximumLengthValidator", "OPTIONS": {"max_length": 128}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "shuzheng.engines.identity.passwords.PersonalDataValidator"},
]

SECOND_FACTOR = declare(
    "SHUZHENG_SECOND_FACTOR",
    boolean,
    "0",
    "Demand a second factor of officers in the demo too; elsewhere it always is.",
)
REAL_NAME_GATEWAY = declare(
    "SHUZHENG_REAL_NAME_GATEWAY",
    str,
    "shuzheng.engines.identity.gateways.real_name.DemoRealNameGateway",
    "Class that verifies name, id number and mobile number.",
)

SESSION_ENGINE = "shuzheng.engines.identity.session_store"
#: Seconds without use, and seconds in all, after which a session ends.
SESSION_IDLE = declare("SHUZHENG_SESSION_IDLE", int, "1800", "Seconds without use after which a session ends.")
SESSION_ABSOLUTE = declare("SHUZHENG_SESSION_ABSOLUTE", int, "43200", "Seconds after which every session ends.")
SESSION_COOKIE_NAME = "sz_session"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
#: Sessions that an officer may have at once.
OFFICER_SESSIONS = declare("SHUZHENG_OFFICER_SESSIONS", int, "3", "Sessions that an officer may have at once.")

#: Failed sign-ins for one account, and from one address, within so many minutes that suspend signing in.
SIGN_IN_FAILURES = declare("SHUZHENG_SIGN_IN_FAILURES", int, "5", "Failed sign-ins that suspend an account's sign-in.")
SIGN_IN_FAILURES_PER_ADDRESS = declare(
    "SHUZHENG_SIGN_IN_FAILURES_PER_ADDRESS", int, "100", "Failed sign-ins from one address that suspend it."
)
SIGN_IN_WINDOW_MINUTES = 15

LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
OFFICER_LOGIN_REDIRECT_URL = "/office/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "shuzheng.engines.identity.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
#: Failures are counted in the database by the adapter, for all processes together; the memory of one is not enough.
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "shuzheng.engines.identity.forms.SignInForm",
    "change_password": "shuzheng.engines.identity.forms.PasswordChangeForm",
    "reauthenticate": "shuzheng.engines.identity.forms.ConfirmPasswordForm",
}
MFA_ADAPTER = "shuzheng.engines.identity.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "preferred"
MFA_TOTP_ISSUER = "数政"
MFA_TOTP_TOLERANCE = 1
MFA_TRUST_ENABLED = False
MFA_RATE_LIMITS = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "shuzheng.engines.identity.forms.SecondFactorForm",
    "reauthenticate": "shuzheng.engines.identity.forms.ConfirmSecondFactorForm",
}
