"""Jobs that beat starts again and again, by name; each finds what is due by itself."""

SWEEPS = (
    "notices.beat_pulse",
    "notices.deliver_due",
    "surveys.close_waves",
    "surveys.remind",
    "localities.ask_still_true",
    "localities.forget_guests",
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
