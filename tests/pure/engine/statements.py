"""Statements for the engine's tests: all alike unless told otherwise."""

from matchmaking.engine.statements import Need, Offer

ALIKE = {
    "side": "government",
    "topic": "basics.goals",
    "area": "basics",
    "stage": "planning",
    "sector": "health",
    "phase": 1,
    "government": "city",
    "system": "civil",
    "size": 2,
    "languages": ("en",),
    "formats": ("call",),
    "utc_offset": 0.0,
}


def need(unit="asker", **more):
    return Need(**{**ALIKE, "id": f"{unit}-need", "unit": unit, **more})


def offer(unit="helper", **more):
    own = {"experience": "taught", "has_evidence": True, "hours": 4.0, "phase": 2}
    return Offer(**{**ALIKE, **own, "id": f"{unit}-offer", "unit": unit, **more})
