"""What joins the chapters: reports and their readers, promises."""

from loci.cycles.models.promise import Promise
from loci.cycles.models.report import Reading, Report, ReportReader, ReportSection

__all__ = ["Promise", "Reading", "Report", "ReportReader", "ReportSection"]
