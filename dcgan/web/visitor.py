"""Tell visitors apart, for quotas."""

from __future__ import annotations

from starlette.requests import Request

from dcgan.web.settings import Settings


def visitor_address(request: Request, settings: Settings) -> str:
    """The address a request comes from. Behind a proxy it is the last that X-Forwarded-For names.

    The earlier ones are the visitor's own words; the last was written by the proxy.
    """
    forwarded = request.headers.get("x-forwarded-for", "") if settings.behind_proxy else ""
    return forwarded.rpartition(",")[2].strip() or (request.client.host if request.client else "")
