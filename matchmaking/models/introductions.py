"""What two introduced pairs note together."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.models import Locality, Membership
from loci.core.models import Stamped
from matchmaking.models.suggestions import Suggestion


class NoteManager(models.Manager["IntroductionNote"]):
    """Each note knows whether who wrote it still speaks for its pair (`is_by_member`)."""

    def get_queryset(self) -> models.QuerySet["IntroductionNote"]:
        speaks = Membership.objects.speaking_for(
            OuterRef("locality"), person=OuterRef("by")
        )
        return super().get_queryset().annotate(is_by_member=Exists(speaks))


class IntroductionNote(Stamped):
    """One dated note that both introduced pairs read; no chat, no edits."""

    suggestion = models.ForeignKey(
        Suggestion, on_delete=models.CASCADE, related_name="notes"
    )
    locality = models.ForeignKey(Locality, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    text = models.TextField(_("note"), max_length=1000)
    at = models.DateTimeField(_("when"))

    objects = NoteManager()

    class Meta:
        verbose_name = _("note of an introduction")
        verbose_name_plural = _("notes of introductions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="matchmaking_note_says_something"
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]
