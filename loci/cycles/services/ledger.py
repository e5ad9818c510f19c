"""The ledger of promises: what was heard gets a line, an owner and a date."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _, override

from localities.models import Topic
from loci.accounts.models import User
from loci.accounts.services.audit import record
from loci.core.errors import Refused
from loci.core.states import move
from loci.cycles.choices import LARGEST_UNMET
from loci.cycles.models import Promise
from surveys.choices import WAVE_MOVES, StatementKind, WaveState
from surveys.models import Statement, Wave
from surveys.services.analysing import largest_unmet


class NotHeardYet(Refused):
    """A wave is shared back only with published lines for what was heard."""


@transaction.atomic
def draft_promises(*, wave: Wave, by: User | None) -> list[Promise]:
    """A *heard* line for each of the wave's largest unmet topics; existing ones stay."""
    made = []
    topics = {topic.code: topic for topic in Topic.objects.all()}
    for code in largest_unmet(wave=wave, at_most=LARGEST_UNMET):
        promise, is_new = Promise.objects.get_or_create(
            wave=wave,
            topic=topics[code],
            defaults={"heard": _heard(wave, topics[code])},
        )
        if is_new:
            record(by, "drafted", promise)
            made.append(promise)
    return made


def _heard(wave: Wave, topic: Topic) -> str:
    asking = (
        Statement.objects.spoken()
        .filter(wave=wave, topic=topic, kind=StatementKind.NEED)
        .values("locality")
        .distinct()
        .count()
    )
    with override("en"):
        if asking < 3:  # noqa: PLR2004  # small numbers are people
            return _("Localities asked for help with: %(topic)s") % {
                "topic": topic.name
            }
        return _("%(count)d localities asked for help with: %(topic)s") % {
            "count": asking,
            "topic": topic.name,
        }


@transaction.atomic
def share_back(*, wave: Wave, by: User, now: datetime) -> Wave:
    """Mark a closed wave as shared back; needs at least one published promise."""
    wave = Wave.objects.select_for_update().get(pk=wave.pk)
    if not Promise.objects.published().filter(wave=wave).exists():
        raise NotHeardYet(_("Publish at least one line of You said, we did first."))
    move(wave, to=WaveState.SHARED_BACK, moves=WAVE_MOVES)
    record(by, "shared back", wave, now.date().isoformat())
    return wave
