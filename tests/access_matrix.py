"""Every address of the product: who gets what.

A row says how to call an address and what each kind of person gets; who is not named
gets what `else` says. An address without a row fails the test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from loci.notices.services.stopping import stop_link
from tests.personas import World

SIGN_IN = 302  # to the sign-in page
OK, MOVED, REFUSED, MISSING, WRONG = 200, 302, 403, 404, 400
OWN = "government side"
PAIR = (OWN, "civil society side")
BOTH_PAIRS = (*PAIR, "helper pair")
HOLDERS = (*BOTH_PAIRS, "other pair")
COORDINATORS = ("own hub", "other hub", "network coordinator")
PLACED = (*BOTH_PAIRS, "other pair", "expert", "reader", *COORDINATORS)
KNOWN = (*PLACED, "without a place")


@dataclass(frozen=True)
class Row:
    """How to call one address, and what people get."""

    arguments: Callable[[World], list[Any]]
    statuses: dict[str, int]
    otherwise: int
    method: str = "get"
    data: Callable[[World], dict[str, Any]] = lambda _world: {}

    def expected(self, who: str) -> int:
        return self.statuses.get(who, self.otherwise)


def everybody(status: int = OK, arguments: Any = None, method: str = "get") -> Row:
    return Row(arguments or (lambda _world: []), {}, status, method)


def some(
    people: tuple[str, ...],
    status: int,
    otherwise: int,
    arguments: Any = None,
    method: str = "get",
    **more: int,
) -> Row:
    statuses = dict.fromkeys(people, status)
    statuses["anonymous"] = more.pop("anonymous", SIGN_IN)
    statuses |= {name.replace("_", " "): number for name, number in more.items()}
    return Row(arguments or (lambda _world: []), statuses, otherwise, method)


def reference(world: World) -> list[Any]:
    return [world.part.reference]


def card(world: World) -> list[Any]:
    return [world.suggestion.reference]


def stop_token(world: World) -> list[Any]:
    link = stop_link(world.notice.recipient, world.notice.kind)
    return [link.rstrip("/").rpartition("/")[2]]


def expertise(world: World) -> list[Any]:
    return [world.expertise.reference]


def about_a_need(world: World) -> list[Any]:
    return [world.expertise.pk, world.suggestion.need_id]


def own_place(world: World) -> list[Any]:
    return [world.seeker.slug]


def fact(world: World) -> list[Any]:
    return [world.fact.pk]


def circle(world: World) -> list[Any]:
    return [world.circle.reference]


def meeting(world: World) -> list[Any]:
    return [world.meeting.reference]


def clinic(world: World) -> list[Any]:
    return [world.clinic.reference]


def session(world: World) -> list[Any]:
    return [world.meeting.reference, world.session.pk]


def invitation(world: World) -> list[Any]:
    return [world.meeting.reference, world.invitation.pk]


def lesson(world: World) -> list[Any]:
    return [world.lesson.reference]


NETWORK = ("network coordinator",)
HUB_AND_NETWORK = ("own hub", "network coordinator")
INSIDE = ("own hub", "other hub", "network coordinator")


def admin(
    allowed: tuple[str, ...], hidden: tuple[str, ...] = (), thing: str = ""
) -> Row:
    """A page of the admin: closed (302) to all but coordinators, 403 inside it.

    For whom a thing is `hidden`, it is as if it were not there: back to the index.
    """
    statuses = dict.fromkeys(INSIDE, REFUSED)
    statuses |= dict.fromkeys(hidden, MOVED)
    statuses |= dict.fromkeys(allowed, OK)
    if not thing:
        return Row(lambda _world: [], statuses, MOVED)
    return Row(lambda world: [_thing(world, thing).pk], statuses, MOVED)


def admin_post(allowed: tuple[str, ...], thing: str) -> Row:
    """A deed in the admin: who may do it goes on to a page, the others get 403."""
    statuses = dict.fromkeys(INSIDE, REFUSED) | dict.fromkeys(allowed, MOVED)
    return Row(lambda world: [_thing(world, thing).pk], statuses, MOVED, "post")


def of_region(thing: str) -> Row:
    """A page of our own in the admin about a thing of one region: others get 404."""
    statuses = {"other hub": MISSING} | dict.fromkeys(HUB_AND_NETWORK, OK)
    return Row(lambda world: [_thing(world, thing).pk], statuses, MOVED)


def _thing(world: World, path: str) -> Any:
    found: Any = world
    for name in path.split("."):
        found = found[name] if isinstance(found, dict) else getattr(found, name)
    return found


@dataclass(frozen=True)
class AdminModel:
    """What of one table coordinators see in the admin, and who can add to it."""

    thing: str
    lists: tuple[str, ...] = INSIDE
    sees: tuple[str, ...] = INSIDE
    adds: tuple[str, ...] = ()

    def rows(self, name: str) -> dict[str, Row]:
        hidden = tuple(set(self.lists) - set(self.sees))
        return {
            f"admin:{name}_changelist": admin(self.lists),
            f"admin:{name}_add": admin(self.adds),
            f"admin:{name}_change": admin(self.sees, hidden, self.thing),
            f"admin:{name}_history": admin(self.sees, hidden, self.thing),
            f"admin:{name}_delete": admin((), (), self.thing),
        }


ADMIN = {
    "localities_invitation": AdminModel("invited.invitation", sees=HUB_AND_NETWORK),
    "localities_locality": AdminModel("seeker", sees=HUB_AND_NETWORK, adds=NETWORK),
    "localities_fact": AdminModel("public_fact", sees=HUB_AND_NETWORK, adds=INSIDE),
    "localities_region": AdminModel("seeker.region", sees=HUB_AND_NETWORK),
    "localities_learningarea": AdminModel("promise.topic.area"),
    "localities_topic": AdminModel("promise.topic"),
    "localities_sector": AdminModel("sector"),
    "localities_organisation": AdminModel("organisation", NETWORK, NETWORK, NETWORK),
    "localities_membership": AdminModel("membership", NETWORK, NETWORK, NETWORK),
    "accounts_user": AdminModel("people.government side", NETWORK, NETWORK, NETWORK),
    "accounts_auditentry": AdminModel("deed", NETWORK, NETWORK),
    "surveys_survey": AdminModel("wave.survey", adds=NETWORK),
    "surveys_section": AdminModel("section"),
    "surveys_conversation": AdminModel(
        "conversation", sees=HUB_AND_NETWORK, adds=INSIDE
    ),
    "surveys_wave": AdminModel("wave", adds=NETWORK),
    "surveys_part": AdminModel("part", sees=HUB_AND_NETWORK),
    "surveys_analysis": AdminModel("analysis", NETWORK, NETWORK),
    "surveys_theme": AdminModel("theme", NETWORK, NETWORK),
    "surveys_themerun": AdminModel("theme_run", NETWORK, NETWORK),
    "surveys_themetext": AdminModel("theme_text", NETWORK, NETWORK),
    "surveys_statement": AdminModel("confided", sees=NETWORK),
    "matchmaking_round": AdminModel("round", NETWORK, NETWORK),
    "matchmaking_suggestion": AdminModel("suggestion", sees=HUB_AND_NETWORK),
    "matchmaking_pin": AdminModel("pin", sees=HUB_AND_NETWORK, adds=NETWORK),
    "matchmaking_weighttable": AdminModel("weights", NETWORK, NETWORK),
    "matchmaking_expertise": AdminModel("expertise"),
    "matchmaking_circle": AdminModel("circle", sees=HUB_AND_NETWORK),
    "matchmaking_introductionrequest": AdminModel("asked", sees=HUB_AND_NETWORK),
    "cycles_report": AdminModel("report", sees=NETWORK),
    "cycles_reading": AdminModel("reading", sees=NETWORK),
    "cycles_cycle": AdminModel("cycle", sees=HUB_AND_NETWORK, adds=NETWORK),
    "cycles_activityplan": AdminModel("plan", sees=HUB_AND_NETWORK),
    "cycles_lesson": AdminModel("lesson", sees=HUB_AND_NETWORK),
    "cycles_yearsummary": AdminModel("year", NETWORK, NETWORK, NETWORK),
    "cycles_promise": AdminModel("promise", adds=NETWORK),
    "meetings_clinic": AdminModel("clinic", sees=HUB_AND_NETWORK),
    "meetings_session": AdminModel("session", sees=HUB_AND_NETWORK),
    "meetings_meeting": AdminModel("meeting", sees=HUB_AND_NETWORK, adds=NETWORK),
    "notices_notice": AdminModel("notice", NETWORK, NETWORK),
    "notices_stuckjob": AdminModel("stuck_job", NETWORK, NETWORK),
    "notices_quietday": AdminModel("quiet_day", adds=NETWORK),
}


MATRIX: dict[str, Row] = {
    "pages:landing": everybody(),
    "pages:localities": everybody(),
    "pages:locality": everybody(arguments=lambda world: [world.seeker.slug]),
    "pages:you_said_we_did": everybody(),
    "pages:how_we_suggest": everybody(),
    "pages:healthz": everybody(),
    "pages:readyz": everybody(),
    "pages:workers": everybody(),
    "pages:demo": everybody(),
    "pages:inbox": everybody(),
    "pages:enter": everybody(
        MISSING, lambda world: [world.people[OWN].pk], "post"
    ),  # not a person of the demonstration
    "pages:home": some(KNOWN, OK, OK),
    "set_language": everybody(MOVED, method="post"),
    "surveys:start": some((OWN,), OK, MISSING, reference, civil_society_side=REFUSED),
    "surveys:check": some((OWN,), OK, MISSING, reference, civil_society_side=REFUSED),
    "surveys:topics": some(KNOWN, OK, OK),
    "surveys:copy": some(
        (OWN,), MOVED, MISSING, reference, "post", civil_society_side=REFUSED
    ),
    "surveys:paper": some((OWN,), OK, MISSING, reference, civil_society_side=REFUSED),
    "surveys:before": some((OWN,), OK, MISSING, reference, civil_society_side=REFUSED),
    "surveys:confirm": some(
        (OWN,), MOVED, MISSING, reference, "post", civil_society_side=REFUSED
    ),
    "surveys:later": some((OWN,), OK, MISSING, reference, civil_society_side=REFUSED),
    "notices:stop": everybody(OK, stop_token),
    "surveys:sent": some((OWN,), MOVED, MISSING, reference, civil_society_side=REFUSED),
    "surveys:section": some(
        (OWN,),
        OK,
        MISSING,
        lambda world: [world.part.reference, "needs"],
        civil_society_side=REFUSED,
    ),
    "surveys:autosave": some(
        (OWN,), WRONG, MISSING, reference, "post", civil_society_side=REFUSED
    ),
    "surveys:send": some(
        (OWN,), MOVED, MISSING, reference, "post", civil_society_side=REFUSED
    ),
    "surveys:results": some(PLACED, OK, MISSING, lambda world: [world.wave.pk]),
    "surveys:topic": some(
        PLACED, MISSING, MISSING, lambda world: [world.wave.pk, "it.portal"]
    ),
    "surveys:results_file": some(
        PLACED, MISSING, MISSING, lambda world: [world.wave.pk, "csv"]
    ),  # before the close there is nothing to keep
    "matchmaking:card": some(BOTH_PAIRS, OK, MISSING, card),
    "matchmaking:later": some(BOTH_PAIRS, OK, MISSING, card),
    "matchmaking:no": some(BOTH_PAIRS, OK, MISSING, card),
    "matchmaking:check_in": some(BOTH_PAIRS, OK, MISSING, card),
    "matchmaking:yes": some(BOTH_PAIRS, MOVED, MISSING, card, "post"),
    "matchmaking:another": some(BOTH_PAIRS, MOVED, MISSING, card, "post"),
    "matchmaking:time": some(BOTH_PAIRS, MOVED, MISSING, card, "post"),
    "matchmaking:note": some(BOTH_PAIRS, OK, MISSING, card, "post"),
    "matchmaking:calendar": some((), OK, MISSING, card),
    "meetings:list": everybody(),
    "meetings:meeting": everybody(arguments=meeting),
    "meetings:calendar": everybody(arguments=meeting),
    "meetings:join": some(HUB_AND_NETWORK, OK, MISSING, meeting),
    "meetings:host": some((), OK, MISSING, meeting),
    "meetings:session": everybody(arguments=session),
    "meetings:wish": some(KNOWN, MOVED, MOVED, session, "post"),
    "meetings:talks": some((), OK, MISSING, meeting),  # for those who come
    "meetings:tables": some(HUB_AND_NETWORK, OK, MISSING, meeting),
    "meetings:after": some((OWN,), OK, MISSING, meeting),
    "meetings:notes": some((*PAIR, *HUB_AND_NETWORK), OK, MISSING, meeting),
    "meetings:clinics": some(KNOWN, OK, OK),
    "meetings:clinic_new": some((*BOTH_PAIRS, "other pair"), OK, MISSING),
    "meetings:clinic": some(BOTH_PAIRS, OK, MISSING, clinic),
    "meetings:clinic_times": some(BOTH_PAIRS, OK, MISSING, clinic, "post"),
    "meetings:clinic_settle": some(BOTH_PAIRS, MISSING, MISSING, clinic, "post"),
    "meetings:attempt_new": some(BOTH_PAIRS, OK, MISSING, clinic, "post"),
    "meetings:clinic_calendar": some((), OK, MISSING, clinic),  # no time is settled
    "meetings:attempt": some((OWN,), OK, MISSING, lambda world: [world.attempt.pk]),
    "meetings:answer": some(PAIR, MOVED, MISSING, invitation, "post"),
    "meetings:instead": some((OWN,), OK, MISSING, invitation),
    "meetings:private": some((OWN,), OK, MISSING, invitation),
    "meetings:feeds": some(PLACED, OK, MISSING),
    "meetings:feed_end": some(
        (OWN,), MOVED, MISSING, lambda world: [world.feed.pk], "post"
    ),
    "meetings:feed": everybody(
        MISSING, lambda world: [f"{world.feed_token}x"]
    ),  # a token that is guessed; the right one is in tests/meetings/test_feeds.py
    "pages:own_data": some(KNOWN, OK, OK),
    "pages:own_data_file": some(KNOWN, OK, OK),
    "pages:own_data_page": some(KNOWN, OK, OK),
    "pages:memory_page": some(PAIR, OK, MISSING, own_place),
    "pages:forget": some(KNOWN, OK, OK),
    "pages:memory": some(PAIR, OK, MISSING, own_place),
    "pages:saved": some(KNOWN, OK, OK),
    "pages:save": some(KNOWN, MOVED, MOVED, own_place, "post"),
    "pages:unsave": some(KNOWN, MOVED, MOVED, own_place, "post"),
    "pages:tell_me": some(KNOWN, MOVED, MOVED, method="post"),
    "pages:tell_stop": some(KNOWN, MOVED, MOVED, lambda _world: [1], "post"),
    "matchmaking:ask": some(
        ("helper pair", "other pair"), OK, MISSING, own_place
    ),  # of another locality than one's own
    "matchmaking:request_withdraw": some(
        (OWN,), MOVED, MISSING, lambda world: [world.asked.reference], "post"
    ),
    "matchmaking:expertise": some(("expert",), OK, MISSING),
    "matchmaking:expertise_withdraw": some(
        ("expert",), MOVED, MISSING, expertise, "post"
    ),
    "matchmaking:circle": some(BOTH_PAIRS, OK, MISSING, circle),
    "cycles:cycles": everybody(),
    "cycles:cycle": everybody(arguments=lambda world: [world.cycle.reference]),
    "cycles:lessons": everybody(),
    "cycles:insights": everybody(),
    "cycles:insights_file": everybody(arguments=lambda _world: ["csv"]),
    "cycles:write_lesson": some(HOLDERS, OK, MISSING),
    "cycles:lesson": some(
        (OWN, "own hub", "network coordinator"),
        OK,
        MISSING,
        lesson,
        anonymous=MISSING,
    ),
    "cycles:change_lesson": some((OWN,), OK, MISSING, lesson),
    "cycles:agree_lesson": some((OWN,), MOVED, MISSING, lesson, "post"),
    "cycles:withdraw_lesson": some((OWN,), MOVED, MISSING, lesson, "post"),
    "cycles:reports": some(KNOWN, OK, OK),
    "cycles:report": some(
        ("reader", "network coordinator"),
        OK,
        MISSING,
        lambda world: [world.report.reference],
    ),
    "cycles:read": some(
        ("reader",), OK, MISSING, lambda world: [world.report.reference, "short"]
    ),
    "pages:other_side": some(PAIR, OK, MISSING, own_place),
    "localities:profile": some(PAIR, OK, MISSING, own_place),
    "localities:fact_add": some(
        PAIR, OK, MISSING, lambda world: [world.seeker.slug, "objective"]
    ),
    "localities:milestone": some(PAIR, OK, MISSING, own_place),
    "localities:still_true": some(PAIR, MOVED, MISSING, own_place, "post"),
    "localities:phase": some(PAIR, MOVED, MISSING, own_place, "post"),
    "localities:publish": some(PAIR, MOVED, MISSING, own_place, "post"),
    "localities:public_line": some(
        PAIR, OK, MISSING, lambda world: [world.public_fact.pk]
    ),
    "localities:fact": some((OWN,), OK, MISSING, fact),
    "localities:fact_remove": some((OWN,), MOVED, MISSING, fact, "post"),
    "localities:still_true_by_mail": everybody(410, lambda _world: ["nothing"]),
    "pages:changes": everybody(arguments=own_place),
    "pages:settle": Row(
        lambda world: [world.suggestion.need_id, "met"],
        {
            "anonymous": SIGN_IN,
            **dict.fromkeys(PLACED, MOVED),  # readable; not theirs: it says why not
        },
        MISSING,
        "post",
    ),
    "localities:team": some(PAIR, OK, MISSING, own_place),
    "localities:invite": some(
        PAIR, OK, MISSING, lambda world: [world.seeker.slug, "colleague"]
    ),
    "localities:leave": some(PAIR, OK, MISSING, own_place),
    "localities:invitation": Row(
        lambda world: [world.invited.token], {"anonymous": OK}, REFUSED
    ),  # whoever is signed in here is not the guest
    "localities:invitation_opened": everybody(
        MISSING, lambda world: [world.invited.invitation.pk]
    ),  # the guest has not typed the code here
    "localities:invitation_code": everybody(),
    "localities:invitation_withdraw": some(
        (OWN, *HUB_AND_NETWORK),
        MOVED,
        MISSING,
        lambda world: [world.invited.invitation.pk],
        "post",
    ),
    "localities:invitation_again": some(
        (OWN, *HUB_AND_NETWORK),
        MOVED,
        MISSING,
        lambda world: [world.invited.invitation.pk],
        "post",
    ),
    "accounts:name": some(KNOWN, OK, OK),
    "accounts:languages": some(KNOWN, OK, OK),
    "accounts:seen": some(KNOWN, OK, OK),
    "admin:localities_invitation_invite": admin(INSIDE),
    "admin:localities_import": admin(NETWORK),
    "admin:localities_import_example": Row(
        lambda _world: ["localities"],
        dict.fromkeys(INSIDE, REFUSED) | dict.fromkeys(NETWORK, OK),
        MOVED,
    ),
    "admin:localities_import_look": Row(
        lambda _world: [1],
        {"own hub": REFUSED, "other hub": REFUSED, "network coordinator": MISSING},
        MOVED,
    ),
    "admin:localities_locality_seat": Row(
        lambda world: [world.seeker.pk],
        {"own hub": REFUSED, "other hub": MISSING, "network coordinator": OK},
        MOVED,
    ),
    "admin:index": admin(INSIDE),
    "admin:jsi18n": admin(INSIDE),
    "admin:password_change": admin(INSIDE),
    "admin:password_change_done": admin(INSIDE),
    "admin:login": Row(lambda _world: [], {}, MOVED),
    "admin:logout": Row(lambda _world: [], {}, MOVED, "post"),
    "admin:autocomplete": admin(()),
    "admin:view_on_site": Row(
        lambda _world: [0, 0], dict.fromkeys(INSIDE, MISSING), MOVED
    ),
    "admin:app_list": Row(lambda _world: ["surveys"], dict.fromkeys(INSIDE, OK), MOVED),
    "admin:surveys_survey_import": admin(NETWORK),
    "surveys:preview": some(
        COORDINATORS,
        OK,
        MISSING,
        lambda world: [world.wave.survey_id, "government"],
    ),
    "admin:surveys_survey_file": Row(
        lambda world: [world.wave.survey_id, "json"], dict.fromkeys(INSIDE, OK), MOVED
    ),
    "admin:surveys_survey_do": Row(
        lambda world: [world.wave.survey_id, "publish"],
        dict.fromkeys(INSIDE, REFUSED) | dict.fromkeys(NETWORK, MOVED),
        MOVED,
        "post",
    ),
    "admin:surveys_part_enter": Row(
        lambda world: [world.part.pk],
        {"own hub": OK, "network coordinator": OK, "other hub": MISSING},
        MOVED,
    ),
    "admin:surveys_wave_monitor": admin(INSIDE, (), "wave"),
    "admin:surveys_wave_open": admin(NETWORK, (), "wave"),
    "admin:surveys_wave_answers": admin(INSIDE, (), "wave"),
    "admin:surveys_wave_calls": admin(INSIDE, (), "wave"),
    "admin:surveys_wave_calls_csv": admin(INSIDE, (), "wave"),
    "admin:surveys_wave_remind": admin_post(INSIDE, "wave"),
    "admin:surveys_wave_extend": admin_post(INSIDE, "wave"),
    "admin:matchmaking_round_try": admin(NETWORK, (), "round"),
    "admin:matchmaking_round_changed": admin(NETWORK, (), "wave"),
    "admin:matchmaking_expertise_ask": Row(
        about_a_need, dict.fromkeys(INSIDE, MOVED), MOVED, "post"
    ),
    "admin:matchmaking_round_why": admin(NETWORK, (), "round"),
    "admin:matchmaking_round_input": admin(NETWORK, (), "round"),
    "admin:matchmaking_round_undo": admin_post(NETWORK, "round"),
    "admin:meetings_meeting_cancel": of_region("meeting"),
    "admin:meetings_meeting_talks": of_region("meeting"),
    "admin:meetings_meeting_review": of_region("meeting"),
    "admin:meetings_session_notes": of_region("session"),
    "admin:meetings_agenda": of_region("meeting"),
    "admin:meetings_agenda_do": Row(
        lambda world: [world.meeting.pk],
        {"other hub": MISSING} | dict.fromkeys(HUB_AND_NETWORK, MOVED),
        MOVED,
        "post",
        lambda _world: {"deed": "show"},
    ),
    "admin:matchmaking_outcomes": admin(INSIDE),
    "admin:matchmaking_outcomes_csv": admin(INSIDE),
    "admin:matchmaking_weighttable_adopt": admin(NETWORK),
    "admin:matchmaking_weighttable_learn": admin(NETWORK),
    **{
        name: row
        for model, kind in ADMIN.items()
        for name, row in kind.rows(model).items()
    },
}

# allauth's own pages: what they allow is tested there; here that none of them fails and
# that a visitor gets no page that needs a person.
ALLAUTH = ("account_", "mfa_", "usersessions_")
