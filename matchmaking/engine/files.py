"""Problems and results as files: JSON or .npz, by the name's ending."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from matchmaking.engine.problem import KINDS, BadProblem, Problem
from matchmaking.engine.result import Figures, Result, Stage, Unmet

NEEDED = ("receiver", "helper", "weight", "want", "capacity")
PRICES = ("first", "rest", "helper", "pair")
SCALARS = ("goal", "levels", "digest", "seconds")


class BadFile(ValueError):
    """A file that cannot be read as a problem or a result."""


def read_problem(path: Path) -> Problem:
    """Read a problem; raises `BadFile`, `BadProblem` and its kinds, `OSError`."""
    content = _read(path)
    missing = [name for name in NEEDED if name not in content]
    if missing:
        raise BadProblem(f"the file has no {', '.join(missing)}")
    strange = sorted(set(content) - set(KINDS))
    if strange:
        raise BadProblem(f"the file has what no problem has: {', '.join(strange)}")
    return Problem(**{name: _array(name, content[name]) for name in content})


def write_problem(problem: Problem, path: Path) -> None:
    """Write a problem."""
    _write(problem.arrays(), path)


def read_result(path: Path) -> Result:
    """Read a result; raises `BadFile`, `OSError`."""
    content = _read(path)
    try:
        return _result(content)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise BadFile(f"{path.name} holds no result: {fault}") from fault


def write_result(result: Result, path: Path) -> None:
    """Write a result; arrays under their names, figures and reasons as they are."""
    about = {
        **{name: getattr(result, name) for name in SCALARS},
        "figures": asdict(result.figures),
        "unmet": [asdict(each) for each in result.unmet],
        "stages": [{"name": s.name, "levels": list(s.levels)} for s in result.stages],
    }
    arrays: dict[str, Any] = {
        "chosen": result.chosen,
        "level": result.level,
        "first": result.first,
    }
    for place, stage in enumerate(result.stages):
        for name in PRICES:
            arrays[f"stage{place}.{name}"] = getattr(stage, name)
    if path.suffix == ".npz":
        _write({**arrays, "about": np.array(json.dumps(about))}, path)
    else:
        _write({**about, **arrays}, path)


def _result(content: Mapping[str, Any]) -> Result:
    about = json.loads(str(content["about"])) if "about" in content else content
    figures = about["figures"]
    stages = tuple(
        Stage(
            stage["name"],
            tuple(stage["levels"]),
            *(np.asarray(content[f"stage{place}.{name}"], np.int64) for name in PRICES),
        )
        for place, stage in enumerate(about["stages"])
    )
    return Result(
        **{name: about[name] for name in SCALARS},
        chosen=np.asarray(content["chosen"], np.bool_),
        level=np.asarray(content["level"], np.int32),
        first=np.asarray(content["first"], np.int32),
        figures=Figures(**{**figures, "histogram": tuple(figures["histogram"])}),
        unmet=tuple(
            Unmet(
                **{
                    **each,
                    "crowd": tuple(each["crowd"]),
                    "helpers": tuple(each["helpers"]),
                }
            )
            for each in about["unmet"]
        ),
        stages=stages,
    )


def _array(name: str, values: Any) -> Any:
    try:
        return np.asarray(values)
    except ValueError as fault:
        raise BadProblem(f"{name} is not a flat list") from fault


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, BadZipFile) as fault:
        raise BadFile(f"{path.name} cannot be read: {fault}") from fault
    if not isinstance(content, dict):
        raise BadFile(f"{path.name} does not hold named arrays")
    return content


def _write(content: Mapping[str, Any], path: Path) -> None:
    if path.suffix == ".npz":
        np.savez_compressed(path, **content)
        return
    plain = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in content.items()
    }
    path.write_text(json.dumps(plain, allow_nan=False) + "\n", encoding="utf-8")
