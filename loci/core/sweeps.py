"""Jobs that beat starts again and again, by name; each finds what is due by itself."""

from typing import Any

PULSES = ("notices.beat_pulse", "notices.mail_pulse")  # one for each kind of worker
PULSE_SECONDS = 20.0
SWEEPS = (
    *PULSES,
    "notices.deliver_due",
    "surveys.close_waves",
    "surveys.remind",
    "localities.ask_still_true",
    "localities.forget_guests",
    "pages.tell_what_fits",
    "surveys.sweep_analyses",
    "surveys.sweep_themes",
    "cycles.remind_of_promises",
    "cycles.remind_of_steps",
    "matchmaking.sweep_rounds",
    "matchmaking.expire_suggestions",
    "matchmaking.return_postponed",
    "matchmaking.ask_how_it_went",
    "meetings.hand_on_places",
    "meetings.remind_unanswered",
    "meetings.keep_clocks",
    "meetings.sweep_agendas",
    "meetings.ask_after_meetings",
    "meetings.forget_private_notes",
)


def pulse_seconds(seconds: float) -> float:
    """From pulse to pulse, when sweeps come every so many seconds."""
    return min(seconds, PULSE_SECONDS)


def beat_schedule(seconds: float) -> dict[str, dict[str, Any]]:
    """Celery's schedule: each sweep every so many seconds, pulses at least every 20.

    What nobody takes runs out, so that it makes no pile.
    """
    often = pulse_seconds(seconds)
    return {
        job: {
            "task": job,
            "schedule": often if job in PULSES else seconds,
            "options": {"expires": 60 if job in PULSES else 600},
        }
        for job in SWEEPS
    }
