"""A state changes only by a service and only along declared moves."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from loci.core.errors import Refused


class WrongMove(Refused):
    """The thing is in a state from which this step is not possible."""


def move(thing: models.Model, *, to: str, moves: Mapping[Any, frozenset[Any]]) -> None:
    """Set `thing.state` and save it; refuse a move that is not declared."""
    now = getattr(thing, "state")  # noqa: B009
    if to not in moves.get(now, frozenset()):
        raise WrongMove(f"{thing._meta.verbose_name}: {now} → {to}")
    setattr(thing, "state", to)  # noqa: B010
    thing.save(update_fields=["state", "updated_at"])
