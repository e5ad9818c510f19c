"""From files: `python -m surveys.analysis embed|cluster IN.jsonl OUT`."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from surveys.analysis.clusters import Clustering, cluster
from surveys.analysis.embedders import Kind, default_embedder
from surveys.analysis.labels import Said

KINDS: tuple[Kind, ...] = ("need", "offer", "answer")
FOR_EMBED = {"id", "text", "language", "kind"}
FOR_CLUSTER = {"id", "text", "language", "unit", "region", "side"}

Line = dict[str, Any]


class BadInput(Exception):
    """The file does not hold what was promised; says which line."""


def main(arguments: Sequence[str]) -> int:
    parser = ArgumentParser(prog="python -m surveys.analysis", description=__doc__)
    parser.add_argument("command", choices=["embed", "cluster"])
    parser.add_argument("source", type=Path, metavar="IN.jsonl")
    parser.add_argument("target", type=Path, metavar="OUT")
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "embed":
            _write(asked.target, _embedded(_lines(asked.source, FOR_EMBED)))
        else:
            found = _clustered(_lines(asked.source, FOR_CLUSTER))
            _write(asked.target, json.dumps(found, ensure_ascii=False, indent=1))
    except BadInput as refusal:
        sys.stderr.write(f"{asked.source}: {refusal}\n")
        return 2
    return 0


def _lines(source: Path, fields: set[str]) -> list[Line]:
    lines = []
    seen = set()
    for number, raw in enumerate(source.read_text("utf-8").split("\n"), start=1):
        if raw.strip():
            line = _line(raw, number, fields)
            if str(line["id"]) in seen:
                raise BadInput(f"line {number}: the id {line['id']!r} is there twice")
            seen.add(str(line["id"]))
            lines.append(line)
    return lines


def _line(raw: str, number: int, fields: set[str]) -> Line:
    try:
        line = json.loads(raw)
    except ValueError as error:
        raise BadInput(f"line {number}: not JSON ({error})") from error
    missing = sorted(fields - line.keys()) if isinstance(line, dict) else sorted(fields)
    if missing:
        raise BadInput(f"line {number}: without {', '.join(missing)}")
    if not isinstance(line["text"], str) or not isinstance(line["language"], str):
        raise BadInput(f"line {number}: text and language are strings")
    if line.get("kind", "answer") not in KINDS:
        raise BadInput(f"line {number}: kind is one of {', '.join(KINDS)}")
    return dict(line)


def _embedded(lines: Sequence[Line]) -> np.ndarray[Any, Any]:
    """float32[n, d] in the order of the lines."""
    embedder = default_embedder()
    result = np.zeros((len(lines), embedder.dimensions), dtype=np.float32)
    for kind in KINDS:
        here = [place for place, line in enumerate(lines) if line["kind"] == kind]
        result[here] = embedder.embed(
            [lines[place]["text"] for place in here],
            [lines[place]["language"] for place in here],
            kind,
        )
    return result


def _clustered(lines: Sequence[Line]) -> dict[str, Any]:
    """Ids as they came; consent is a line's `"quote"`, yes where it is not said."""
    units = {
        name: n for n, name in enumerate(sorted({str(line["unit"]) for line in lines}))
    }
    said = [
        Said(
            id=str(line["id"]),
            text=line["text"],
            language=line["language"],
            unit=units[str(line["unit"])],
            region=str(line["region"]),
            side=str(line["side"]),
            may_quote=line.get("quote", True) is True,
        )
        for line in lines
    ]
    embedder = default_embedder()
    vectors = embedder.embed(
        [each.text for each in said], [each.language for each in said], "answer"
    )
    named = {"embedder": embedder.name, "version": embedder.version}
    return _report(
        cluster(said, vectors), {str(n["id"]): n["id"] for n in lines}, named
    )


def _report(
    found: Clustering, ids: dict[str, Any], named: dict[str, str]
) -> dict[str, Any]:
    return {
        "clusters": [
            {
                "members": [ids[name] for name in each.members],
                "label": ", ".join(each.label),
                "representatives": [ids[name] for name in each.representatives],
                "units": len(each.units),
                "stability": each.stability,
            }
            for each in found.clusters
        ],
        "left_out": [ids[name] for name in found.left_out],
        "parameters": {"outcome": found.outcome, **found.parameters, **named},
    }


def _write(target: Path, content: str | np.ndarray[Any, Any]) -> None:
    """All of it, or nothing."""
    part = target.with_name(target.name + ".part")
    if isinstance(content, str):
        part.write_text(content + "\n", "utf-8")
    else:
        with part.open("wb") as file:
            np.save(file, content, allow_pickle=False)
    part.replace(target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
