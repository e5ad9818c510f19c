"""How much each factor counts, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from matchmaking.engine.statements import DEFAULT_WEIGHTS
from matchmaking.models import WeightTable


@dataclass(frozen=True)
class WeightInWords:
    code: str
    label: str
    share: int  # of 100


def factor_labels() -> dict[str, str]:
    """What each factor of the engine is called."""
    return {
        "text": _("How near the words of the need and the offer are"),
        "topic": _("Same topic, related topic, same learning area"),
        "experience": _("Experience of the helper: taught others, done, doing"),
        "evidence": _("A link that shows the result"),
        "phase": _("The helper is one or two phases ahead"),
        "context": _("Similar level of government and size"),
        "sector": _("Same sector"),
        "stage": _("Same stage of contracting"),
        "formats": _("Ways of working that suit both"),
        "language": _("A shared language"),
        "zone": _("Office hours that overlap"),
        "side": _("The same side asks and offers"),
        "new": _("Not introduced to each other before"),
    }


def current_weights() -> dict[str, float]:
    """The weights of the newest table, else those that the engine comes with."""
    newest = WeightTable.objects.order_by("-created_at", "-pk").first()
    return dict(newest.weights if newest else DEFAULT_WEIGHTS)


def weights_in_words() -> list[WeightInWords]:
    """The weights of a new round, largest first."""
    labels = factor_labels()
    weights = current_weights()
    total = sum(weights.values())
    rows = [
        WeightInWords(code, labels.get(code, code), round(100 * weight / total))
        for code, weight in weights.items()
    ]
    return sorted(rows, key=lambda row: (-row.share, row.code))
