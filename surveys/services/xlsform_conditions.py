"""Conditions in the words of XLSForm's `relevant`, there and back."""

import re

from surveys.queries.conditions import Condition, NotUnderstood, read_conditions

_NAME = r"\$\{(?P<code>[-\w]+)\}"
_SELECTED = re.compile(rf"^selected\(\s*{_NAME}\s*,\s*'(?P<value>[^']*)'\s*\)$")
_COMPARED = re.compile(rf"^{_NAME}\s*(?P<sign>!=|>=|<=|=)\s*'?(?P<value>[^']*?)'?$")
_NOT_SELECTED = re.compile(
    rf"^not\(selected\(\s*{_NAME}\s*,\s*'(?P<value>[^']*)'\s*\)\)$"
)


class NotSaid(ValueError):
    """A condition of another tool that has no words here."""


def to_relevant(text: str) -> str:
    """The condition for other tools; nothing for one that cannot be read."""
    try:
        return " and ".join(_said(row) for row in read_conditions(text))
    except NotUnderstood:
        return ""


def _said(row: Condition) -> str:
    name = f"${{{row.code}}}"
    if row.sign == "answered":
        return f"{name} != ''"
    if row.sign in {">=", "<="}:
        return f"{name} {row.sign} {row.values[0]}"
    if row.sign == "!=":
        parts = [f"not(selected({name}, '{value}'))" for value in row.values]
        return " and ".join([f"{name} != ''", *parts])
    parts = [f"selected({name}, '{value}')" for value in row.values]
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def from_relevant(text: str) -> str:
    """Our words for a condition. Raises NotSaid for what lies outside the subset."""
    parts = [part.strip() for part in re.split(r"\band\b", text) if part.strip()]
    rows = _joined([_read(part) for part in parts])
    return " and ".join(rows)


def _read(part: str) -> tuple[str, str, str]:
    """Code, sign, value; several values are joined by commas."""
    inner = part[1:-1] if part.startswith("(") and part.endswith(")") else part
    options = [option.strip() for option in re.split(r"\bor\b", inner)]
    read = [_one(option) for option in options]
    codes, signs = {row[0] for row in read}, {row[1] for row in read}
    if len(read) > 1 and (len(codes) > 1 or signs != {"="}):
        raise NotSaid(part)
    return read[0][0], read[0][1], ", ".join(row[2] for row in read)


def _one(part: str) -> tuple[str, str, str]:
    for pattern, sign in ((_SELECTED, "="), (_NOT_SELECTED, "!="), (_COMPARED, "")):
        found = pattern.match(part)
        if found:
            meant = sign or found["sign"]
            if meant == "!=" and not found["value"]:
                return found["code"], "answered", ""
            return found["code"], meant, found["value"]
    raise NotSaid(part)


def _joined(rows: list[tuple[str, str, str]]) -> list[str]:
    """Conditions in words; what `!=` already says of being answered is left out."""
    unlike: dict[str, list[str]] = {}
    for code, sign, value in rows:
        if sign == "!=":
            unlike.setdefault(code, []).append(value)
    words = []
    for code, sign, value in rows:
        if sign == "answered" and code not in unlike:
            words.append(f"{code} answered")
        elif sign in {"=", ">=", "<="}:
            words.append(f"{code} {sign} {value}")
    return words + [f"{code} != {', '.join(values)}" for code, values in unlike.items()]
