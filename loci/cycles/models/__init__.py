"""What joins the chapters: cycles, reports and plans with their readers, promises, cards."""

from loci.cycles.models.cycle import Cycle, CycleStep
from loci.cycles.models.lesson import Lesson, YearSummary
from loci.cycles.models.plan import ActivityPlan
from loci.cycles.models.promise import Promise
from loci.cycles.models.report import Reading, Report, ReportReader, ReportSection

__all__ = [
    "ActivityPlan",
    "Cycle",
    "CycleStep",
    "Lesson",
    "Promise",
    "Reading",
    "Report",
    "ReportReader",
    "ReportSection",
    "YearSummary",
]
