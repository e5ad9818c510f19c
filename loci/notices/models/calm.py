"""When not to write, and to whom not."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from loci.core.models import Stamped
from loci.notices.choices import NoticeKind


class Stop(Stamped):
    """One person wants no more mails of one kind."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stops"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=NoticeKind.choices)

    class Meta:
        verbose_name = _("stopped kind of mail")
        verbose_name_plural = _("stopped kinds of mail")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"], name="notices_stop_once_a_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=NoticeKind.values),
                name="notices_stop_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"


class QuietDay(Stamped):
    """A day on which nobody is reminded, everywhere or in one country."""

    on = models.DateField(_("day"))
    country_code = models.CharField(
        _("country code"),
        max_length=2,
        blank=True,
        help_text=_("Two capital letters; empty: everywhere."),
    )
    why = models.CharField(_("why"), max_length=120)

    class Meta:
        verbose_name = _("quiet day")
        verbose_name_plural = _("quiet days")
        constraints = [
            models.UniqueConstraint(
                fields=["on", "country_code"], name="notices_quietday_once"
            ),
            models.CheckConstraint(
                condition=models.Q(country_code="")
                | models.Q(country_code__regex=r"^[A-Z]{2}$"),
                name="notices_quietday_country_code_shape",
                violation_error_message=_("A country code is two capital letters."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} · {self.why}"
