"""Reports: drafted from a wave, read by readers, published once and then frozen."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from localities.choices import OrganisationKind
from localities.models import Membership
from loci.accounts.models import User
from loci.core.models import Stamped
from loci.cycles.choices import (
    BEING_WRITTEN,
    FROZEN,
    ReportKind,
    ReportState,
    SectionKind,
    Verdict,
)
from loci.cycles.models.cycle import Cycle
from surveys.models import Wave


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, person: User) -> "ReportQuerySet":
        """Published ones for the network, those being read for their readers too.

        A hub reads the plans of its regions while they are written.
        """
        coordinating = Membership.objects.coordinating(person)
        network = Exists(
            coordinating.filter(organisation__kind=OrganisationKind.CONVENER)
        )
        anyone = Exists(Membership.objects.current().filter(person=person))
        reads = Exists(
            ReportReader.objects.current().filter(report=OuterRef("pk"), person=person)
        )
        own = Cycle.objects.coordinated_by(person)
        return self.filter(
            Q(network)
            | Q(anyone, state__in=FROZEN)
            | Q(reads, state="reading")
            | Q(cycle__in=own)
        )

    def written_by(self, person: User) -> "ReportQuerySet":
        """What a coordinator writes: all for the network, plans of its regions for a hub."""
        network = Exists(Membership.objects.coordinating_network(person))
        return self.filter(
            Q(network) | Q(cycle__in=Cycle.objects.coordinated_by(person))
        )


class Report(Stamped):
    """One version of what a wave's answers add up to, or of the plan that follows them."""

    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=ReportKind.choices,
        default=ReportKind.REPORT,
        editable=False,
    )
    cycle = models.ForeignKey(
        Cycle,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="papers",
        verbose_name=_("cycle"),
    )
    wave = models.ForeignKey(
        Wave, on_delete=models.CASCADE, related_name="reports", verbose_name=_("wave")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    reference = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=160)
    language = models.CharField(_("language"), max_length=8, default="en")
    state = models.CharField(
        _("state"),
        max_length=20,
        choices=ReportState.choices,
        default=ReportState.DRAFT,
    )
    read_by = models.DateTimeField(
        _("readers answer until"),
        null=True,
        blank=True,
        help_text=_("Left empty: ten days after it goes to its readers."),
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    quotes = ArrayField(
        models.TextField(), default=list, blank=True, editable=False
    )  # words of others that its first draft quoted

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["wave", "cycle", "version"],
                nulls_distinct=False,
                name="cycles_report_version_once",
            ),
            models.UniqueConstraint(
                fields=["wave", "cycle"],
                nulls_distinct=False,
                condition=Q(state=ReportState.PUBLISHED),
                name="cycles_report_one_published",
            ),
            models.UniqueConstraint(
                fields=["wave", "cycle"],
                nulls_distinct=False,
                condition=Q(state__in=BEING_WRITTEN),
                name="cycles_report_one_being_written",
            ),
            models.CheckConstraint(
                condition=Q(kind=ReportKind.PLAN, cycle__isnull=False)
                | Q(kind=ReportKind.REPORT, cycle__isnull=True),
                name="cycles_report_a_plan_has_a_cycle",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReportState.values),
                name="cycles_report_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT) | Q(read_by__isnull=False),
                name="cycles_report_readers_have_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=BEING_WRITTEN, published_at__isnull=True)
                | Q(state__in=FROZEN, published_at__isnull=False),
                name="cycles_report_published_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        words = {"title": self.title, "version": self.version}
        return str(_("%(title)s, version %(version)d")) % words

    @property
    def is_frozen(self) -> bool:
        return self.state in FROZEN

    @property
    def is_plan(self) -> bool:
        return self.kind == ReportKind.PLAN

    @property
    def is_being_read(self) -> bool:
        return self.state == ReportState.READING


class ReportSection(models.Model):
    """One section; the database lets nobody change it once the report is published."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="sections"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=SectionKind.choices)
    heading = models.CharField(_("heading"), max_length=160)
    text = models.TextField(_("text"), max_length=20_000, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))

    class Meta:
        verbose_name = _("section of a report")
        verbose_name_plural = _("sections of reports")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "kind"], name="cycles_reportsection_kind_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=SectionKind.values),
                name="cycles_reportsection_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.heading


class ReportReaderQuerySet(models.QuerySet["ReportReader"]):
    def current(self) -> "ReportReaderQuerySet":
        """Those who have a place in the network still."""
        here = Membership.objects.current().filter(person=OuterRef("person"))
        return self.filter(Exists(here))


class ReportReader(Stamped):
    """A person asked to read one version of a report."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="readers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="reports_to_read",
        verbose_name=_("reader"),
    )

    objects = ReportReaderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reader of a report")
        verbose_name_plural = _("readers of reports")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "person"],
                name="cycles_reportreader_once",
                violation_error_message=_("This person is a reader already."),
            )
        ]

    def __str__(self) -> str:
        return str(self.person or _("a former member"))


class Reading(Stamped):
    """What one reader says of one section, and what became of it."""

    section = models.ForeignKey(
        ReportSection, on_delete=models.CASCADE, related_name="readings"
    )
    reader = models.ForeignKey(
        ReportReader, on_delete=models.CASCADE, related_name="readings"
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    words = models.TextField(_("in words"), max_length=4000, blank=True)
    outcome = models.TextField(
        _("what became of it"),
        max_length=1000,
        blank=True,
        help_text=_("Everybody who reads the report reads this."),
    )
    has_changed = models.BooleanField(_("the section was changed"), default=False)

    class Meta:
        verbose_name = _("remark of a reader")
        verbose_name_plural = _("remarks of readers")
        constraints = [
            models.UniqueConstraint(
                fields=["section", "reader"], name="cycles_reading_once_a_section"
            ),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values),
                name="cycles_reading_verdict_known",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.AGREE) | ~Q(words=""),
                name="cycles_reading_remark_has_words",
            ),
            models.CheckConstraint(
                condition=Q(has_changed=False) | ~Q(outcome=""),
                name="cycles_reading_change_says_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} · {self.get_verdict_display()}"
