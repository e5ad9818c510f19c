"""Refusals: what a service says when it will not do what was asked."""

from django.utils.functional import Promise


class Refused(Exception):
    """A request that a rule of the product forbids; the message is for people."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
