"""A side asks, in its own words, to be introduced to another locality."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.choices import Side
from localities.models import Locality, Region, Seat, Topic
from loci.accounts.models import User
from loci.core.models import Stamped
from matchmaking.choices import RequestState


class IntroductionRequestQuerySet(models.QuerySet["IntroductionRequest"]):
    def waiting(self) -> "IntroductionRequestQuerySet":
        return self.filter(state=RequestState.WAITING)

    def coordinated_by(self, person: User) -> "IntroductionRequestQuerySet":
        regions = Region.objects.coordinated_by(person)
        return self.filter(
            Q(seeker__region__in=regions) | Q(helper__region__in=regions)
        )

    def shown_to(self, person: User) -> "IntroductionRequestQuerySet":
        """What the side of this person asked; who was named is not told."""
        seats = Seat.objects.held_by(person).filter(
            locality=OuterRef("seeker"), side=OuterRef("side")
        )
        return self.filter(Exists(seats))


class IntroductionRequest(Stamped):
    """One wish to meet one locality, until a coordinator says what becomes of it.

    Read by the side that asks and by coordinators; a suggestion comes of it as ever.
    """

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seeker = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="introductions_asked",
        verbose_name=_("asks"),
    )
    side = models.CharField(_("side"), max_length=20, choices=Side.choices)
    helper = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("wants to meet"),
    )
    topic = models.ForeignKey(
        Topic,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic"),
    )
    words = models.TextField(_("in their words"), max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=RequestState.choices,
        default=RequestState.WAITING,
    )
    answer = models.TextField(
        _("a word to the side that asks"),
        max_length=1000,
        blank=True,
        help_text=_("Write it before you answer: it goes with the answer."),
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects = IntroductionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for an introduction")
        verbose_name_plural = _("requests for introductions")
        constraints = [
            models.CheckConstraint(
                condition=~Q(seeker=F("helper")), name="matchmaking_request_two_places"
            ),
            models.CheckConstraint(
                condition=~Q(words=""), name="matchmaking_request_says_why"
            ),
            models.CheckConstraint(
                condition=Q(side__in=Side.values),
                name="matchmaking_request_side_known",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.WAITING, answered_at__isnull=True)
                | (
                    Q(state__in=RequestState.values, answered_at__isnull=False)
                    & ~Q(state=RequestState.WAITING)
                ),
                name="matchmaking_request_answer_has_a_time",
            ),
            models.UniqueConstraint(
                fields=["seeker", "side", "helper"],
                condition=Q(state=RequestState.WAITING),
                name="matchmaking_request_once_at_a_time",
                violation_error_message=_("You have asked for this already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seeker} → {self.helper}"
