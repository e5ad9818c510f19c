"""Where things are found from outside."""

from django.conf import settings


def site_address(path: str) -> str:
    return settings.LOCI_SITE_URL.rstrip("/") + path
