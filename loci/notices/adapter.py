"""How sign-in behaves: invited persons only, and its mails go through the outbox."""

import ipaddress
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.core.internal.httpkit import clean_client_ip
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string

from loci.accounts.models import User
from loci.core.jobs import Job, enqueue
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.posting import post_notice

NEW_PASSWORD = EmailAwarePasswordResetTokenGenerator()
NOBODY = 0  # no row has this key
NOWHERE = "0.0.0.0"  # noqa: S104  # all whose address nobody tells share one count
CODES_AN_HOUR = 10  # counted in the database: it holds when the cache is away


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that is counted: what our outermost proxy wrote, if it is one.

        Who came past the proxies, or with no address there, is counted as who called.
        """
        proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
        way = request.headers.get("x-forwarded-for", "").split(",")
        told = way[-proxies] if 0 < proxies <= len(way) else ""
        called = request.META.get("REMOTE_ADDR", "")
        return _address(told) or _address(called) or NOWHERE

    def _get_login_attempts_cache_key(
        self,
        request: HttpRequest,  # noqa: ARG002
        **credentials: Any,
    ) -> str:
        """One count an address, however the request names our host."""
        return f"password:{credentials.get('email', '').strip().casefold()}"

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Post the mail for the person with this address; nobody else gets one.

        For other addresses the same is done and taken back: its time tells nothing.
        """
        found = User.objects.filter(email__iexact=email, is_active=True).first()
        person = found or User(pk=NOBODY)
        is_few = not self._has_enough(person)
        if "reset" not in template_prefix:
            NEW_PASSWORD.make_token(person)  # where it is needed it was made before
        message = self.render_mail(template_prefix, email, context)
        with transaction.atomic():
            post_notice(
                key=f"sign_in:{person.pk}:{get_random_string(16)}",
                kind=NoticeKind.SIGN_IN,
                to=person,
                now=timezone.now(),
                parameters={"subject": message.subject, "body": message.body},
            )
            transaction.set_rollback(not (found and is_few))
        enqueue(Job.DELIVER_DUE)

    def _has_enough(self, person: User) -> bool:
        hour_ago = timezone.now() - timedelta(hours=1)
        codes = Notice.objects.filter(
            kind=NoticeKind.SIGN_IN, recipient=person, created_at__gt=hour_ago
        )
        return codes.count() >= CODES_AN_HOUR


def _address(written: str) -> str:
    """An address as it is counted and kept; nothing for what is none."""
    cleaned = clean_client_ip(written)
    if not cleaned or "%" in cleaned:  # one with a zone is of a cable, not of the net
        return ""
    found = ipaddress.ip_address(cleaned)
    return str(getattr(found, "ipv4_mapped", None) or found)
