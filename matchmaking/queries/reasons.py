"""Why two places fit, and what does not, in sentences of the reader's language."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _, ngettext

from localities.choices import Phase
from localities.models import Locality
from matchmaking.models import Suggestion
from surveys.choices import Experience


def reasons_in_words(suggestion: Suggestion, *, to_helper: bool = False) -> list[str]:
    """Why these two, in sentences, strongest first."""
    lines = [
        _topic_line(suggestion),
        _experience_line(suggestion, to_helper=to_helper),
        _context_line(suggestion.seeker, suggestion.helper),
        _phase_line(suggestion.seeker, suggestion.helper),
        _language_line(suggestion.seeker, suggestion.helper),
    ]
    return [line for line in lines if line]


def _topic_line(suggestion: Suggestion) -> str:
    need, offer = suggestion.need.topic, suggestion.offer.topic
    if need.pk == offer.pk:
        return _("The same topic: %(topic)s") % {"topic": need.label}
    if need.area_id == offer.area_id:
        sentence = _("Near topics of one learning area: %(need)s, and %(offer)s")
    else:
        sentence = _("Topics that touch: %(need)s, and %(offer)s")
    return sentence % {"need": need.label, "offer": offer.label}


def _experience_line(suggestion: Suggestion, *, to_helper: bool) -> str:
    lines = {
        Experience.TAUGHT: _("You have done it and taught others"),
        Experience.DONE: _("You have done it in practice"),
        Experience.DOING: _("You are in the middle of it now"),
    }
    if not to_helper:
        lines = _their_experience()
    line = lines.get(Experience(suggestion.offer.experience or Experience.DONE), "")
    if suggestion.offer.evidence_url:
        line = _("%(line)s, with a link that shows it") % {"line": line}
    return line


def _their_experience() -> dict[Experience, str]:
    return {
        Experience.TAUGHT: _("They have done it and taught others"),
        Experience.DONE: _("They have done it in practice"),
        Experience.DOING: _("They are in the middle of it now"),
    }


def _context_line(seeker: Locality, helper: Locality) -> str:
    band = seeker.size_band
    alike = band is not None and band == helper.size_band
    if band is not None and alike and seeker.level == helper.level:
        return _("Similar places: both a %(level)s with %(size)s") % {
            "level": seeker.get_level_display().lower(),
            "size": band.label,
        }
    if seeker.level == helper.level:
        return _("The same level of government: %(level)s") % {
            "level": seeker.get_level_display().lower()
        }
    if band is not None and alike:
        return _("Places of similar size: %(size)s") % {"size": band.label}
    return ""


def _phase_line(seeker: Locality, helper: Locality) -> str:
    ahead = Phase(helper.phase).step - Phase(seeker.phase).step
    places = {
        "helper": helper.get_phase_display(),
        "seeker": seeker.get_phase_display(),
        "name": helper.name,
    }
    if ahead > 0:
        return (
            ngettext(
                "One step ahead: %(name)s is at “%(helper)s”, the other at “%(seeker)s”",
                "Some steps ahead: %(name)s is at “%(helper)s”, the other at “%(seeker)s”",
                ahead,
            )
            % places
        )
    return ""


def _language_line(seeker: Locality, helper: Locality) -> str:
    shared = sorted(set(seeker.languages) & set(helper.languages))
    if not shared:
        return ""
    names = ", ".join(language_name(code) for code in shared)
    return _("You share a language: %(names)s") % {"names": names}


def nearness_in_words(suggestion: Suggestion) -> str:
    """In which languages the two were written and how near a text model puts them."""
    weights = (suggestion.round.snapshot or {}).get("weights", {})
    share, total = suggestion.factors.get("text"), sum(weights.values())
    weight = weights.get("text", 0)
    if share is None or not weight or not total:
        return _("The words of the two were not compared.")
    return _(
        "The need is in %(need)s, the offer in %(offer)s; compared by meaning they are "
        "at %(near)s of 1. By topic alone they %(alone)s."
    ) % {
        "need": language_name(suggestion.need.language),
        "offer": language_name(suggestion.offer.language),
        "near": number_format(round(min(1.0, share * total / weight), 2), 2),
        "alone": _("are the same")
        if suggestion.need.topic_id == suggestion.offer.topic_id
        else _("differ"),
    }


def language_name(code: str) -> str:
    """What a language is called, in the reader's language where known."""
    names = {
        "en": _("English"),
        "es": _("Spanish"),
        "fr": _("French"),
        "id": _("Indonesian"),
        "ru": _("Russian"),
        "uk": _("Ukrainian"),
        "ka": _("Georgian"),
        "hy": _("Armenian"),
        "sq": _("Albanian"),
        "sr": _("Serbian"),
        "sw": _("Swahili"),
        "ha": _("Hausa"),
        "fil": _("Filipino"),
    }
    return names.get(code, code)


def what_does_not_fit(suggestion: Suggestion, *, to_helper: bool = False) -> list[str]:
    """What to keep in mind before saying yes."""
    seeker, helper = suggestion.seeker, suggestion.helper
    lines = []
    if not set(seeker.languages) & set(helper.languages):
        lines.append(_("You share no language: interpretation will be needed"))
    if seeker.level != helper.level:
        lines.append(
            _("Another level of government: %(helper)s, not %(seeker)s")
            % {
                "helper": helper.get_level_display().lower(),
                "seeker": seeker.get_level_display().lower(),
            }
        )
    if Phase(helper.phase).step < Phase(seeker.phase).step:
        their = _("They are at an earlier phase of their open contracting work")
        your = _("You are at an earlier phase of open contracting than they are")
        lines.append(your if to_helper else their)
    if suggestion.need.topic_id != suggestion.offer.topic_id:
        their = _("Their experience is in a near topic, not exactly in yours")
        your = _("Your experience is in a near topic, not exactly in theirs")
        lines.append(your if to_helper else their)
    return lines
