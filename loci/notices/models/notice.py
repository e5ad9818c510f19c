"""Every message is a row before it is a mail."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loci.core.models import Stamped
from loci.notices.choices import NoticeKind, NoticeState


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self, now: datetime) -> "NoticeQuerySet":
        """Waiting messages whose time has come, codes first, then the oldest.

        One that a process is sending is not due: claims go by the database's clock.
        """
        unclaimed = models.Q(claimed_until__isnull=True) | models.Q(
            claimed_until__lte=Now()
        )
        is_code = models.Case(models.When(kind=NoticeKind.SIGN_IN, then=0), default=1)
        due = self.filter(unclaimed, state=NoticeState.WAITING, not_before__lte=now)
        return due.order_by(is_code, "not_before", "pk")


class Notice(Stamped):
    """One message to one person: kind, parameters and the page it leads to.

    `key` names the occasion, so that the same occasion never makes two messages.
    """

    key = models.CharField(_("occasion"), max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind.choices)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="notices",
        verbose_name=_("to"),
    )
    parameters = models.JSONField(default=dict, blank=True)
    path = models.CharField(_("page"), max_length=200, blank=True)
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=NoticeState.choices,
        default=NoticeState.WAITING,
    )
    not_before = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    claims = models.PositiveSmallIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"), blank=True)
    calendar = models.TextField(
        _("calendar file"), blank=True, help_text=_("Goes with the mail.")
    )
    reply_to = models.EmailField(_("answers go to"), blank=True)
    error = models.TextField(_("error"), blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(
                fields=["not_before"],
                condition=models.Q(state="waiting"),
                name="notices_notice_due",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=NoticeKind.values),
                name="notices_notice_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="sent", sent_at__isnull=False)
                | models.Q(
                    state__in=["waiting", "failed", "withheld", "over"],
                    sent_at__isnull=True,
                ),
                name="notices_notice_sent_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.key


class Pulse(models.Model):
    """When a background process last showed that it works; read by readiness."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
