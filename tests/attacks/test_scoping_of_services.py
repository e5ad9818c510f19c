"""T-A3: services and jobs that look a row up by what they were given.

A service that takes a thing was handed it by a door that asked for what the person may
see (test_scoping.py). This finds those which take a number, a word or a form's values
and ask a table with it, and says of each what narrows that question.
"""

import ast
from collections.abc import Iterator

from django.apps import apps

from loci.accounts.models import User
from tests.attacks.test_scoping import SCOPES, scoped, sources

SECOND_PRESS = "of one's own thing; the words tell a second press from a first"
NIGHTLY = "a key that a sweep over all found; it moves by its own state and clock"
QUEUED = "a key that the network's coordinators put in line, or a sweep"
NARROWED = {
    "localities/services/accepting.py invitation_by_code Invitation": (
        "standing ones to this address, ten tries, the code compared as a hash"
    ),
    "localities/services/inviting.py _person_at User": (
        "gives the guest's account, of which the host is shown nothing but the address"
    ),
    "localities/services/profile.py note_milestone Milestone": SECOND_PRESS,
    "localities/services/still_true.py _asks Locality": NIGHTLY,
    "localities/services/still_true.py asked_by User": "a signed link, then held_by",
    "loci/accounts/services/consents.py withdraw_consent Consent": (
        "standing ones of this person, or of the thing that the caller ends"
    ),
    "loci/cycles/services/years.py _circles Circle": "the network's coordinators count",
    "loci/cycles/services/years.py _counted Suggestion": (
        "the network's coordinators count"
    ),
    "loci/notices/services/posting.py post_notice Notice": "by a key that services make",
    "loci/notices/services/posting.py withdraw_notices Notice": (
        "by a key that services make"
    ),
    "loci/notices/services/stopping.py read_token User": "a signed link",
    "loci/pages/services/saved_searches.py still_fits SavedSearch": "of the reader",
    "loci/pages/services/saved_searches.py stop_telling SavedSearch": "of this person",
    "matchmaking/services/introducing.py add_note IntroductionNote": (
        "by this person on a suggestion that lock_introduced found for them"
    ),
    "matchmaking/services/replying.py _expire Suggestion": NIGHTLY,
    "matchmaking/services/returning.py _return Suggestion": NIGHTLY,
    "matchmaking/services/rounds.py _queued Round": QUEUED,
    "matchmaking/services/rounds.py _read_texts Round": QUEUED,
    "matchmaking/services/rounds.py run_round Round": QUEUED,
    "meetings/services/agendas.py _solve AgendaRun": QUEUED,
    "meetings/services/agendas.py solve_agenda AgendaRun": QUEUED,
    "meetings/services/attempts.py tell_attempt Attempt": "of this person's own pair",
    "meetings/services/attempts.py write_attempt Attempt": SECOND_PRESS,
    "meetings/services/feeds.py feed_of Feed": "by the digest of a secret",
    "meetings/services/feeds.py feed_of Membership": "of the person of that feed",
    "meetings/services/talks.py _helped Statement": (
        "for_introductions of those who come; it keeps how many, not which"
    ),
    "meetings/services/talks.py seat_talks AgendaRun": QUEUED,
    "meetings/services/talks.py wish_for_talks Place": (
        "those who come to the meeting of this person's own place"
    ),
    "meetings/services/waiting.py _pass_on_in Place": NIGHTLY,
    "surveys/services/answering.py _undoes AnswerVersion": "of an answer that is held",
    "surveys/services/answering.py _write Answer": "an answer that is held",
    "surveys/services/holding.py _locked Membership": (
        "whether this person speaks; _check refuses who does not"
    ),
    "surveys/services/timeline.py follow_on_the_timeline Milestone": (
        "what was said of a need that is held"
    ),
    "surveys/services/still_due.py still_asked_to_confirm Conversation": (
        "then its reader is asked for among the side's people"
    ),
    "surveys/services/sending.py _state Statement": "of a part that is held",
}
SAID = {"int", "str", "bytes", "object", "Any", "Block", "Guest", "QueryDict"}
"""Kinds of arguments that hold what somebody typed or which number they chose."""
MAKES_NEW = {"create", "bulk_create"}
ASSIGNS = (ast.Assign, ast.AnnAssign, ast.For, ast.NamedExpr, ast.comprehension)


def of_somebody() -> set[str]:
    """Tables whose rows are not for everybody, or are about a person."""
    about = {
        model.__name__
        for model in apps.get_models()
        if any(field.related_model is User for field in model._meta.concrete_fields)
    }
    return scoped() | about | {User.__name__}


def names_in(*nodes: ast.AST | None) -> set[str]:
    return {
        each.id
        for node in nodes
        if node is not None
        for each in ast.walk(node)
        if isinstance(each, ast.Name)
    }


def said_to(function: ast.FunctionDef) -> set[str]:
    """Arguments with numbers and words, and names for what is made of them."""
    said = {
        one.arg
        for one in (*function.args.args, *function.args.kwonlyargs)
        if names_in(one.annotation) & SAID
    }
    for node in ast.walk(function):
        if said and isinstance(node, ASSIGNS):
            source = node.value if hasattr(node, "value") else node.iter
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if names_in(source) & said:
                said |= names_in(*targets)
    return said


def questions(function: ast.FunctionDef) -> Iterator[list[str]]:
    """Every `Table.objects.one().two()` with such words in it, from left to right."""
    said, inner = said_to(function), set[int]()
    for node in ast.walk(function):
        names: list[str] = []
        words: set[str] = set()
        here: ast.AST = node
        while isinstance(here, ast.Call | ast.Attribute):
            if here is not node:
                inner.add(id(here))
            if isinstance(here, ast.Attribute):
                names.append(here.attr)
                here = here.value
            else:
                words |= names_in(*here.args, *(one.value for one in here.keywords))
                here = here.func
        is_whole = id(node) not in inner and "objects" in names and words & said
        if is_whole and isinstance(here, ast.Name):
            yield [here.id, *reversed(names)]


def looked_up() -> set[str]:
    """Where a service or a job asks such a table for what it was told."""
    tables = of_somebody()
    return {
        f"{path} {function.name} {names[0]}"
        for path, source in sources()
        if "services" in path.parts or path.name == "tasks.py"
        if not path.stem.startswith("demo")
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef)
        for names in questions(function)
        if names[0] in tables and not (SCOPES | MAKES_NEW) & set(names)
    }


def test_services_that_look_up_what_they_were_told_are_narrowed():
    """T-A3: each is named here, with what narrows its question."""
    assert looked_up() == set(NARROWED)


def test_a_service_that_looks_up_a_number_is_found():
    """T-A3: the positive twin, with what it takes as it is beside it."""
    source = """
def forget(*, fact: Fact, numbers: list[int], by: User) -> None:
    wanted = [number for number in numbers if number]
    Fact.objects.filter(pk__in=wanted).delete()
    Fact.objects.filter(pk=fact.pk).delete()
"""
    function = ast.parse(source).body[0]
    assert isinstance(function, ast.FunctionDef)

    found = list(questions(function))

    assert found == [["Fact", "objects", "filter", "delete"]]
