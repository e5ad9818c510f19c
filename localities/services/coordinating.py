"""The network is never without somebody who coordinates it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from localities.models import Membership
from loci.core.errors import Refused


class LastCoordinator(Refused):
    """After this nobody could coordinate the network."""


@contextmanager
def somebody_coordinates() -> Iterator[None]:
    """What is done inside leaves at least one coordinator of the network, if there was one.

    Else it raises LastCoordinator and all of it is taken back. Two at once wait for each
    other.
    """
    with transaction.atomic():
        held = Membership.objects.of_the_network().select_for_update(of=("self",))
        had = bool(held.order_by("pk").values_list("pk", flat=True))
        yield
        if had and not Membership.objects.of_the_network().exists():
            raise LastCoordinator(
                _(
                    "Nobody would coordinate the network any more. Give somebody else "
                    "that place first."
                )
            )
