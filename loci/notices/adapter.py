"""How sign-in behaves: invited persons only, and its mails go through the outbox."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from loci.accounts.models import User
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.posting import post_notice

CODES_AN_HOUR = 10  # counted in the database: it holds when the cache is away


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Passwords wait while the cache that counts wrong ones is away; codes do not."""
        cache.set("sign_in_counts", "yes", 5)
        if cache.get("sign_in_counts") != "yes":
            raise ValidationError(
                _("Sign in with a code just now; passwords work again soon.")
            )
        super().pre_authenticate(request, **credentials)

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Post the mail for the person with this address; nobody else gets one."""
        person = User.objects.filter(email__iexact=email, is_active=True).first()
        if person is None or self._has_enough(person):
            return
        message = self.render_mail(template_prefix, email, context)
        post_notice(
            key=f"sign_in:{person.pk}:{get_random_string(16)}",
            kind=NoticeKind.SIGN_IN,
            to=person,
            now=timezone.now(),
            parameters={"subject": message.subject, "body": message.body},
        )

    def _has_enough(self, person: User) -> bool:
        hour_ago = timezone.now() - timedelta(hours=1)
        codes = Notice.objects.filter(
            kind=NoticeKind.SIGN_IN, recipient=person, created_at__gt=hour_ago
        )
        return codes.count() >= CODES_AN_HOUR
