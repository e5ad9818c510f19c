"""A copy of one's answers, by mail."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _, override

from loci.accounts.models import User
from loci.notices.choices import NoticeKind
from loci.notices.models import Notice
from loci.notices.services.posting import post_notice
from surveys.models import Part
from surveys.queries.completeness import Standing
from surveys.queries.pages import answer_rows


@transaction.atomic
def mail_copy(*, part: Part, to: User, now: datetime) -> Notice:
    """Post the answers as they stand to this person; their text goes once it is sent.

    A second press in the same minute makes no second mail.
    """
    with override(to.language):
        text = "\n\n".join(_lines(part))
    return post_notice(
        key=f"part_copy:{part.pk}:{to.pk}:{now:%Y-%m-%dT%H:%M}",
        kind=NoticeKind.PART_COPY,
        to=to,
        now=now,
        parameters={
            "locality": part.locality.name,
            "reference": part.reference,
            "text": text,
        },
        path=f"/surveys/{part.reference}/check/",
    )


def _lines(part: Part) -> list[str]:
    rows = []
    for row in answer_rows(Standing(part)):
        words = [f"{label}: {said}" if label else said for label, said in row.lines]
        seen = [_("Seen by: %(who)s") % {"who": row.who_sees}] if row.is_given else []
        said = words or [_("Not provided")]
        rows.append("\n".join([row.label.upper(), *said, *seen]))
    return rows
