"""How sign-in behaves: invited persons only, and its mails go through the outbox."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string

from loci.accounts.models import User
from loci.notices.choices import NoticeKind
from loci.notices.services.posting import post_notice


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def send_mail(
        self, template_prefix: str, email: str, context: dict[str, Any]
    ) -> None:
        """Post the mail for the person with this address; nobody else gets one."""
        person = User.objects.filter(email__iexact=email, is_active=True).first()
        if person is None:
            return
        message = self.render_mail(template_prefix, email, context)
        post_notice(
            key=f"sign_in:{person.pk}:{get_random_string(16)}",
            kind=NoticeKind.SIGN_IN,
            to=person,
            now=timezone.now(),
            parameters={"subject": message.subject, "body": message.body},
        )
