"""Needs and offers: what a side has said, made from its sent answers.

While a side is still writing, its blocks are answers; sending makes them statements.
"""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.choices import Stage
from localities.models import Locality, Seat, Sector, Topic
from loci.accounts.models import User
from loci.core.models import Stamped
from surveys.choices import (
    USED_FOR_INTRODUCTIONS,
    Experience,
    Format,
    StatementKind,
    StatementSide,
    StatementState,
    Urgency,
    Visibility,
)
from surveys.models.answers import readable_by
from surveys.models.survey import Question
from surveys.models.wave import Part, Wave


class StatementQuerySet(models.QuerySet["Statement"]):
    def visible_to(self, person: User) -> "StatementQuerySet":
        """What this person may read now."""
        pair = Seat.objects.held_by(person).filter(locality=OuterRef("locality"))
        said_together = Q(Exists(pair), side=StatementSide.JOINT)
        return self.filter(
            readable_by(person, locality="locality", side="side") | said_together
        )

    def quoted_to(self, person: User) -> "StatementQuerySet":
        """Those whose words may stand before this person, wherever they are used.

        What a side took back is quoted to that side alone.
        """
        own = Seat.objects.held_by(person).filter(locality=OuterRef("locality"))
        is_own = Exists(own.filter(side=OuterRef("side"))) | Q(
            Exists(own), side=StatementSide.JOINT
        )
        return self.visible_to(person).filter(
            ~Q(state=StatementState.WITHDRAWN) | is_own
        )

    def in_place(self) -> "StatementQuerySet":
        """Those that still stand for what is written at their place in their part."""
        return self.filter(position__isnull=False)

    def spoken(self) -> "StatementQuerySet":
        """Said and neither met nor taken back."""
        return self.filter(state=StatementState.OPEN)

    def newest(self) -> "StatementQuerySet":
        """Of what was said in wave after wave, the last word."""
        going_on = Statement.objects.filter(continues__isnull=False)
        return self.exclude(pk__in=going_on.values("continues"))

    def present(self) -> "StatementQuerySet":
        """What holds now: open, and not said anew in a later wave."""
        return self.spoken().newest()

    def read_by_the_network(self) -> "StatementQuerySet":
        """Those that their authors let the network see."""
        return self.filter(
            visibility__in=USED_FOR_INTRODUCTIONS, locality__is_paused=False
        )

    def for_introductions(self) -> "StatementQuerySet":
        """What holds now and the network may see."""
        return self.present().read_by_the_network()


class Statement(Stamped):
    """One need or one offer in the words of those who said it."""

    kind = models.CharField(_("kind"), max_length=10, choices=StatementKind.choices)
    wave = models.ForeignKey(Wave, on_delete=models.CASCADE, related_name="statements")
    locality = models.ForeignKey(
        Locality,
        on_delete=models.CASCADE,
        related_name="statements",
        verbose_name=_("locality"),
    )
    side = models.CharField(_("side"), max_length=20, choices=StatementSide.choices)
    part = models.ForeignKey(
        Part, on_delete=models.CASCADE, null=True, blank=True, related_name="statements"
    )
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Empty once something else stands at its place.
    position = models.PositiveSmallIntegerField(default=0, null=True, editable=False)
    topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        related_name="statements",
        verbose_name=_("topic"),
    )
    text = models.TextField(_("in one sentence"), max_length=600)
    tried = models.TextField(_("what was tried"), max_length=1000, blank=True)
    stage = models.CharField(
        _("stage of contracting"), max_length=20, choices=Stage.choices, blank=True
    )
    sector = models.ForeignKey(
        Sector,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sector"),
    )
    urgency = models.CharField(
        _("how soon"), max_length=20, choices=Urgency.choices, blank=True
    )
    experience = models.CharField(
        _("how far you are"), max_length=20, choices=Experience.choices, blank=True
    )
    hours_a_month = models.PositiveSmallIntegerField(
        _("hours a month"), null=True, blank=True
    )
    evidence_url = models.URLField(_("link that shows it"), blank=True)
    formats = ArrayField(
        models.CharField(max_length=20, choices=Format.choices),
        default=list,
        blank=True,
        verbose_name=_("ways that suit"),
    )
    terms = models.CharField(_("on what terms"), max_length=300, blank=True)
    met_by = models.TextField(_("what solved it"), max_length=600, blank=True)
    met_at = models.DateTimeField(_("met"), null=True, blank=True)
    continues = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,  # few go on from another: an index of those alone
        related_name="continued_by",
        verbose_name=_("said before as"),
    )
    carried_to = models.ForeignKey(
        Part,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken over into"),
    )
    carried_place = models.PositiveSmallIntegerField(default=0, editable=False)
    conversation = models.ForeignKey(
        "surveys.Conversation",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("from a conversation"),
    )
    language = models.CharField(_("language of the text"), max_length=8, default="en")
    visibility = models.CharField(
        _("who sees it"), max_length=20, choices=Visibility.choices
    )
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=StatementState.choices,
        default=StatementState.OPEN,
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    is_illustrative = models.BooleanField(_("illustrative"), default=False)
    sources = models.JSONField(_("sources"), default=list, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("need or offer")
        verbose_name_plural = _("needs and offers")
        indexes = [
            models.Index(fields=["wave", "kind", "topic"], name="surveys_stmt_topic"),
            models.Index(
                fields=["continues"],
                condition=Q(continues__isnull=False),
                name="surveys_statement_goes_on",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["part", "question", "position"],
                name="surveys_statement_one_per_place",
            ),
            models.CheckConstraint(
                condition=Q(kind=StatementKind.NEED, experience="")
                | Q(kind=StatementKind.OFFER, urgency=""),
                name="surveys_statement_need_or_offer",
            ),
            models.CheckConstraint(
                condition=Q(position__isnull=False) | ~Q(state=StatementState.OPEN),
                name="surveys_statement_open_has_its_place",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values),
                name="surveys_statement_visibility_known",
            ),
            models.CheckConstraint(
                condition=Q(state=StatementState.MET) | Q(met_by="", met_at=None),
                name="surveys_statement_only_what_is_met_says_by_what",
            ),
            models.CheckConstraint(
                condition=Q(is_illustrative=False) | ~Q(sources=[]),
                name="surveys_statement_illustrative_has_sources",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def said_before(self) -> list["Statement"]:
        """What it goes on from, wave by wave, the newest first."""
        found: list[Statement] = []
        row = self.continues
        while row is not None and row not in found:
            found.append(row)
            row = row.continues
        return found

    def anew(self, **facts: Any) -> "Statement":
        """One that says the same, but for these facts; it is not saved yet."""
        same = {
            field.attname: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if not field.primary_key
        }
        return Statement(**(same | facts))

    @property
    def is_need(self) -> bool:
        return self.kind == StatementKind.NEED
