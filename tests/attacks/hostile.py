"""Words that want to become markup, in every text of every table; and how it shows."""

import re
from contextlib import suppress
from html.parser import HTMLParser
from itertools import cycle, islice
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction

PAYLOADS = (
    "<script>__pwn(1)</script>",
    "<ScRiPt/x>__pwn(2)</sCrIpT>",
    "<img src=x onerror=__pwn(3)>",
    '<img src=x onerror="__pwn(4)">',
    "<svg onload=__pwn(5)>",
    "<svg><script>__pwn(6)</script></svg>",
    "<svg><animate onbegin=__pwn(7) attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:__pwn(8)><text>x</text></a></svg>",
    "<svg><use href=data:image/svg+xml,<svg/onload=__pwn(9)>#x></svg>",
    "<svg><foreignObject><iframe srcdoc=<script>__pwn(10)</script>>",
    "<body onload=__pwn(11)>",
    "<iframe src=javascript:__pwn(12)>",
    "<iframe srcdoc='<script>parent.__pwn(13)</script>'>",
    "<object data=javascript:__pwn(14)>",
    "<embed src=javascript:__pwn(15)>",
    "<a href=javascript:__pwn(16)>x</a>",
    "<a href=' javascript:__pwn(17)'>x</a>",
    "<a href='java\tscript:__pwn(18)'>x</a>",
    "<a href='&#106;avascript:__pwn(19)'>x</a>",
    "<form action=javascript:__pwn(20)><button>x</button></form>",
    "<button formaction=javascript:__pwn(21)>x</button>",
    "<input autofocus onfocus=__pwn(22)>",
    "<details open ontoggle=__pwn(23)>",
    "<marquee onstart=__pwn(24)>",
    "<video><source onerror=__pwn(25)></video>",
    "<audio src=x onerror=__pwn(26)>",
    "<base href=//pwn.example/>",
    "<meta http-equiv=refresh content=0;url=javascript:__pwn(28)>",
    "<link rel=stylesheet href=//pwn.example/29.css>",
    "<style>*{background:url(//pwn.example/30)}</style>",
    "<style>@import '//pwn.example/31';</style>",
    "<table background=//pwn.example/32>",
    '" onmouseover=__pwn(33) x="',
    "' onmouseover=__pwn(34) x='",
    "` onmouseover=__pwn(35) x=`",
    '"><img src=x onerror=__pwn(36)>',
    "'><img src=x onerror=__pwn(37)>",
    '" autofocus onfocus=__pwn(38) pwn="',
    " onfocus=__pwn(39) autofocus ",
    'x" style="background:url(//pwn.example/40)',
    "</script><script>__pwn(41)</script>",
    "</SCRIPT ><svg/onload=__pwn(42)>",
    '"};__pwn(43);//',
    '\\";__pwn(44);//',
    "${__pwn(45)}",
    "{{ __pwn|safe }}{% debug %}",
    "\u2028__pwn(47)\u2029",
    "</title><img src=x onerror=__pwn(48)>",
    "</textarea><img src=x onerror=__pwn(49)>",
    "</option></select><img src=x onerror=__pwn(50)>",
    '<noscript><p title="</noscript><img src=x onerror=__pwn(51)>">',
    "<math><mtext><table><mglyph><style><img src=x onerror=__pwn(52)>",
    '<form><math><mtext></form><form><mglyph><svg><style><a id="</style><img src=x onerror=__pwn(53)>">',
    '<p id="</p><img src=x onerror=__pwn(54)>">',
    "[x](javascript:__pwn(55))",
    '![x](x"onerror="__pwn(56))',
    "<javascript:__pwn(57)>",
    "\u202e<img src=x onerror=__pwn(58)>\u202c",
    "\uff1cscript\uff1e__pwn(59)\uff1c/script\uff1e",
    "<template shadowrootmode=open><img src=x onerror=__pwn(60)></template>",
    "javascript:__pwn(61)",
    "<![CDATA[<img src=x onerror=__pwn(62)>]]>",
    "<!--><img src=x onerror=__pwn(63)>-->",
)
"""The comment comes last: were it taken for one, it would hide what follows."""
ADDRESS = "javascript:__pwn(0)//"
LEFT_OUT = {
    r"^(slug|code|reference|key|path|heading|last_section|visible_if)$": (
        "what the program finds things by"
    ),
    r"hash$|^digest$|^password$|^session_key$|^token": "made by the program",
    r"^(email|reply_to)$": "an address of mail: people sign in with it",
    r"^(language|country_code|time_zone)$": "from a list that the form offers",
    r"^(embedder|outcome|verb|why_not)$": "written by the program, from a list",
}
WORDS_IN_JSON = {"titles", "labels", "hints", "names", "sources", "value", "words"}
OURS = {
    "accounts",
    "notices",
    "localities",
    "surveys",
    "matchmaking",
    "meetings",
    "cycles",
}
SCHEMES = re.compile(
    r"^[\s\x00-\x20]*(javascript|vbscript|data:text/html|data:image/svg)", re.IGNORECASE
)
LINKS = {
    "href",
    "src",
    "action",
    "formaction",
    "data",
    "xlink:href",
    "srcdoc",
    "poster",
}


def is_left_out(name: str) -> bool:
    return any(re.search(pattern, name) for pattern in LEFT_OUT)


def write_everywhere() -> list[str]:
    """Fill every text of every row there is; returns which columns took it."""
    with connection.cursor() as cursor:  # what is published is kept by triggers
        cursor.execute("set session_replication_role = replica")
        filled = _fill_all()
        cursor.execute("set session_replication_role = default")
    return filled


def text_columns() -> list[str]:
    """Every column of ours that people's words could stand in."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and not is_left_out(field.name)
        and not field.primary_key
    ]


def _fill_all() -> list[str]:
    filled = []
    for model in apps.get_models():
        if model._meta.app_label not in OURS:
            continue
        for number, field in enumerate(model._meta.concrete_fields):
            if not field.choices and not is_left_out(field.name):
                with suppress(IntegrityError), transaction.atomic():  # a rule of it
                    if _fill(model, field, number):
                        filled.append(f"{model._meta.label}.{field.name}")
    return filled


def _fill(model: type[models.Model], field: Any, number: int) -> bool:
    rows = model._default_manager.all()
    if isinstance(field, models.URLField):
        rows.update(**{field.name: ADDRESS})
        return True
    if isinstance(field, models.CharField | models.TextField):
        rows.update(**{field.name: _words(field, number)})
        return True
    if isinstance(field, models.JSONField) and field.name in WORDS_IN_JSON:
        for row in rows:
            setattr(row, field.name, _in_json(getattr(row, field.name)))
            model._default_manager.filter(pk=row.pk).update(
                **{field.name: getattr(row, field.name)}
            )
        return True
    if isinstance(field, ArrayField) and field.name == "words":
        rows.update(words=list(PAYLOADS[:3]))
        return True
    return False


def _words(field: Any, number: int) -> str:
    """All payloads where they fit, else as many as do, other ones in each column."""
    longest = field.max_length if isinstance(field, models.CharField) else None
    if longest is None:
        return " ".join(PAYLOADS)
    said = ""
    for one in islice(cycle(PAYLOADS[:-1]), number * 3, number * 3 + len(PAYLOADS)):
        if len(said) + len(one) + 1 <= longest:
            said += f"{one} "
    return said.strip()


def _in_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: inner
            if name in {"topic", "visibility", "sector"}
            else _in_json(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_in_json(one) for one in value]
    if isinstance(value, str) and value:
        return ADDRESS if value.startswith("http") else " ".join(PAYLOADS)
    return value


class Injected(HTMLParser):
    """What of a page a payload has made: elements, attributes, scripts, links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.made: list[str] = []
        self._runs = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "script":
            kind = named.get("type", "")
            self._runs = kind in {"", "module", "text/javascript"}
        for name, value in named.items():
            is_link = name in LINKS and SCHEMES.search(value)
            loads = name in LINKS and "pwn.example" in value
            if name.startswith("on") or "pwn" in name or is_link or loads:
                self.made.append(f"<{tag} {name}={value[:60]!r}>")
        if tag in {"base", "object", "embed", "iframe", "math", "marquee", "template"}:
            self.made.append(f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        self._runs = self._runs and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._runs and "pwn" in data:
            self.made.append(f"script: {data[:60]!r}")


def injected(html: str) -> list[str]:
    return Injected(html).made
