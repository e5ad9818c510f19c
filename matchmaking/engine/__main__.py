"""Solve a problem from a file, or check what another run has answered.

Exits 0 when done or proven, 1 when an answer is not proven, 2 when a file is no good.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from matchmaking.engine.certificate import check
from matchmaking.engine.files import (
    BadFile,
    read_problem,
    read_result,
    write_result,
)
from matchmaking.engine.problem import BadProblem
from matchmaking.engine.result import Goal
from matchmaking.engine.slackness import Broken
from matchmaking.engine.solve import solve


def _arguments(given: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m matchmaking.engine", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    solving = commands.add_parser("solve", help="solve PROBLEM, write OUT")
    solving.add_argument("problem", type=Path)
    solving.add_argument("out", type=Path)
    solving.add_argument("--goal", choices=get_args(Goal), default="fair")
    solving.add_argument("--levels", type=int, default=100)
    proving = commands.add_parser("verify", help="check RESULT against PROBLEM")
    proving.add_argument("problem", type=Path)
    proving.add_argument("result", type=Path)
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    asked = _arguments(given)
    try:
        if asked.command == "solve":
            return _solve(asked)
        return _verify(asked)
    except (BadProblem, BadFile, OSError) as fault:
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr)  # noqa: T201
        return 2


def _solve(asked: Namespace) -> int:
    result = solve(read_problem(asked.problem), asked.goal, asked.levels)
    write_result(result, asked.out)
    figures = result.figures
    print(  # noqa: T201
        f"{figures.coverage} of {figures.wanting} covered, "
        f"{figures.pairs} pairs, total {figures.total:.6f}"
    )
    return 0


def _verify(asked: Namespace) -> int:
    try:
        proof = check(read_problem(asked.problem), read_result(asked.result))
    except Broken as fault:
        print(f"not proven: {fault}")  # noqa: T201
        return 1
    print(proof)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
