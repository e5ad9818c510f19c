"""Why a pair was not proposed, in sentences."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from localities.models import Locality
from matchmaking.services.explaining import WhyNotThese


def why_not_in_words(
    found: WhyNotThese, seeker: Locality, helper: Locality
) -> list[str]:
    """The reason first, then who holds the places, then what it would change."""
    names = Locality.objects.in_bulk(
        [*found.holders, *(unit for two in found.gains + found.loses for unit in two)]
    )
    said = _codes().get(found.code, found.code)
    lines = [said % {"seeker": seeker, "helper": helper}]
    labels = _obstacles()
    lines += [labels.get(code, code) for code in sorted(found.obstacles)]
    if found.holders:
        holders = ", ".join(str(names[unit]) for unit in found.holders if unit in names)
        lines.append(_("Its places go to: %(names)s.") % {"names": holders})
    for sentence, pairs in (
        (_("It would come: %(helper)s for %(seeker)s."), found.gains),
        (_("It would go: %(helper)s for %(seeker)s."), found.loses),
    ):
        lines += [
            sentence % {"seeker": names[one], "helper": names[other]}
            for one, other in pairs
            if one in names and other in names
        ]
    if found.change is not None:
        change = number_format(round(found.change, 3), decimal_pos=3)
        lines.append(_("The sum of all weights would change by %(n)s.") % {"n": change})
    return lines


def _codes() -> dict[str, str]:
    return {
        "chosen": _("%(helper)s is proposed to %(seeker)s."),
        "no_need": _("%(seeker)s said no need that this round could use."),
        "no_offer": _("%(helper)s said no offer that this round could use."),
        "forbidden": _("A rule stands against %(helper)s for %(seeker)s:"),
        "vetoed": _("The two were declined, or are never suggested."),
        "wants_nothing": _("%(seeker)s has as many suggestions as it can take."),
        "has_no_places": _("%(helper)s has no hours left."),
        "reserved": _("Others would get nothing if %(helper)s did not help them."),
        "full": _("The hours of %(helper)s go to localities that would lose more."),
        "neighbours": _(
            "%(helper)s helps another locality of the same country; %(seeker)s has "
            "other suggestions."
        ),
        "enough": _("%(seeker)s has better suggestions."),
        "adds_nothing": _("It would not make the whole better."),
    }


def _obstacles() -> dict[str, str]:
    return {
        "same_locality": _("they are one locality"),
        "vetoed": _("they were declined, are never suggested, or are in contact"),
        "paused": _("one of the two is paused"),
        "only_planning": _("the helper has only planned it"),
        "no_hours": _("the helper has no hours a month"),
        "no_shared_language": _(
            "they share no language and there is no interpretation"
        ),
        "office_hours": _("their office hours do not meet"),
        "too_soon": _("they were introduced a short while ago"),
        "too_far": _("need and offer are about different things"),
    }
