"""Messages, and the pulse of the processes that send them."""

from loci.notices.models.calm import QuietDay, Stop
from loci.notices.models.notice import Notice, NoticeQuerySet, Pulse
from loci.notices.models.stuck import StuckJob

__all__ = ["Notice", "NoticeQuerySet", "Pulse", "QuietDay", "Stop", "StuckJob"]
