"""What the browser is told to refuse (OWASP ASVS 4.0, 14.4)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse

from shuzheng.kernel.http import Handler, Request

#: Everything comes from this site. Inline style *attributes* are allowed because maps, charts and process diagrams set
#: positions through them; inline scripts and style sheets are not.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "media-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
#: Location is for marking a place on a map, public keys are for signing in with a passkey.
PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(self), gyroscope=(), microphone=(), midi=(), "
    "payment=(), publickey-credentials-get=(self), publickey-credentials-create=(self), usb=()"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Permissions-Policy": PERMISSIONS,
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeadersMiddleware:
    """Add the headers that Django's SecurityMiddleware does not; a view that set its own keeps it."""

    def __init__(self, handler: Handler) -> None:
        """Keep the next handler."""
        self.handler = handler

    def __call__(self, request: Request) -> HttpResponse:
        """Add the headers; what a signed-in person was shown is kept in no shared cache."""
        response = self.handler(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response
