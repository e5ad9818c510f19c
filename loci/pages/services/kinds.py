"""How rows about a person are told of."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise as Promised

StrOrPromise = str | Promised


@dataclass(frozen=True)
class Kind:
    """One kind of rows about a person: what it is called, how found, what is told.

    Told is what the person wrote, or what names them: no words that others have changed
    since. What was written for a side is the side's: `not_for` leads to who entered it.
    """

    code: str
    label: StrOrPromise
    model: type[models.Model]
    column: str
    told: tuple[str, ...]
    stays: bool = False  # after erasing: without the name
    not_for: tuple[str, ...] = ()
