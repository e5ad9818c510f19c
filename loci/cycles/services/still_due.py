"""Which mails about reports, promises and cards may still go when their turn comes."""

from django.utils import timezone

from loci.cycles.choices import FROZEN, LessonState, ReportState
from loci.cycles.models import Lesson, Promise, Report, ReportReader
from loci.cycles.queries.cycles import current_steps
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.standing import stands_while


@stands_while(NoticeKind.REPORT_TO_READ)
def still_to_be_read(notice: Notice, report: int) -> bool:
    asked = ReportReader.objects.current().filter(person=notice.recipient_id)
    waits = asked.filter(report=report, report__state=ReportState.READING)
    return waits.exists()


@stands_while(NoticeKind.REPORT_PUBLISHED)
def still_published_for_them(notice: Notice, report: int) -> bool:
    shown = Report.objects.visible_to(notice.recipient).filter(state__in=FROZEN)
    return shown.filter(pk=report).exists()


@stands_while(NoticeKind.PROMISE_LATE)
def still_owns_a_late_promise(notice: Notice, promise: int) -> bool:
    mine = Promise.objects.published().filter(owner=notice.recipient_id)
    return mine.late(timezone.localdate()).filter(pk=promise).exists()


@stands_while(NoticeKind.STEP_LATE)
def still_sees_to_the_step(notice: Notice, step: int) -> bool:
    late = current_steps().filter(due_on__lt=timezone.localdate())
    rows = late.filter(pk=step).select_related("cycle")
    owners = {row.owner_id or row.cycle.owner_id for row in rows}
    return notice.recipient_id in owners


@stands_while(NoticeKind.LESSON_TO_AGREE)
def still_a_draft_of_their_side(notice: Notice, lesson: int) -> bool:
    """Called as it is called now; a card that is shown or taken back asks nothing."""
    mine = Lesson.objects.editable_by(notice.recipient)
    found = mine.filter(pk=lesson, state=LessonState.DRAFT).first()
    if found is None:
        return False
    notice.parameters["title"] = found.title
    return True
