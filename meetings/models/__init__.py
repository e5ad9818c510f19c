"""When they meet."""

from meetings.models.meeting import Meeting

__all__ = ["Meeting"]
