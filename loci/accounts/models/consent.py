"""What a person agreed to: provable, and over when they say so."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from loci.accounts.choices import ConsentTo


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> "ConsentQuerySet":
        """Given and not taken back."""
        return self.filter(withdrawn_at__isnull=True)


class Consent(models.Model):
    """One yes to one purpose, in the words that were shown; it only ever ends.

    After a person is erased the yes stays without a name.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="consents",
    )
    purpose = models.CharField(_("to what"), max_length=10, choices=ConsentTo.choices)
    about = models.CharField(_("about"), max_length=120, blank=True)
    words = models.TextField(_("the words that were shown"))
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                condition=Q(purpose__in=ConsentTo.values),
                name="accounts_consent_purpose_known",
            ),
            models.CheckConstraint(
                condition=~Q(words=""), name="accounts_consent_shows_words"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(withdrawn_at__gte=F("given_at")),
                name="accounts_consent_ends_after_it_began",
            ),
            models.UniqueConstraint(
                fields=["person", "purpose", "about"],
                condition=Q(withdrawn_at__isnull=True),
                name="accounts_consent_one_stands",
            ),
        ]

    def __str__(self) -> str:
        return self.get_purpose_display()
