import json
import subprocess
import sys

import numpy as np
import pytest

from matchmaking.engine.__main__ import main
from matchmaking.engine.files import (
    BadFile,
    read_problem,
    read_result,
    write_problem,
    write_result,
)
from matchmaking.engine.problem import BadProblem
from matchmaking.engine.solve import solve
from tests.bench.engine import made_up
from tests.pure.engine.problems import problem

EMPTY = """{"receiver": %s, "helper": [], "weight": [], "want": [],
"capacity": [], %s}"""
ENDINGS = pytest.mark.parametrize("ending", ["json", "npz"])


@ENDINGS
def test_problem_and_result_come_back_as_they_were(tmp_path, ending):
    asked = made_up(20)
    result = solve(asked)
    write_problem(asked, tmp_path / f"problem.{ending}")
    write_result(result, tmp_path / f"result.{ending}")

    again = read_result(tmp_path / f"result.{ending}")

    assert read_problem(tmp_path / f"problem.{ending}").digest() == asked.digest()
    assert again.chosen.tolist() == result.chosen.tolist()
    assert again.first.tolist() == result.first.tolist()
    assert again.figures == result.figures
    assert again.unmet == result.unmet
    assert [s.levels for s in again.stages] == [s.levels for s in result.stages]


@ENDINGS
@pytest.mark.parametrize("goal", ["fair", "total", "exact"])
def test_command_solves_and_verifies(tmp_path, capsys, ending, goal):
    source, out = tmp_path / f"problem.{ending}", tmp_path / f"out.{ending}"
    write_problem(made_up(12), source)

    assert main(["solve", str(source), str(out), "--goal", goal]) == 0
    assert main(["verify", str(source), str(out)]) == 0

    assert (
        capsys.readouterr()
        .out.splitlines()[-1]
        .startswith(("optimal", "keeps all rules") if goal == "exact" else "optimal")
    )


def test_command_names_what_breaks(tmp_path, capsys):
    source, out = tmp_path / "problem.json", tmp_path / "out.json"
    write_problem(made_up(12), source)
    main(["solve", str(source), str(out), "--levels", "20"])
    content = json.loads(out.read_text())
    content["chosen"][content["chosen"].index(True)] = False
    out.write_text(json.dumps(content))

    assert main(["verify", str(source), str(out)]) == 1
    assert "not proven: " in capsys.readouterr().out


def test_command_runs_as_a_module(tmp_path):
    source, out = tmp_path / "problem.json", tmp_path / "out.json"
    write_problem(problem((0, 0, 0.5), want=[1], capacity=[1]), source)
    command = [sys.executable, "-m", "matchmaking.engine", "solve", source, out]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout == "1 of 1 covered, 1 pairs, total 0.500000\n"
    assert json.loads(out.read_text())["chosen"] == [True]


@pytest.mark.parametrize(
    ("content", "error", "words"),
    [
        ("{", BadFile, "cannot be read"),
        ("[1]", BadFile, "does not hold named arrays"),
        ('{"receiver": []}', BadProblem, "has no helper, weight, want, capacity"),
        (EMPTY % ("[]", '"colour": []'), BadProblem, "no problem has: colour"),
        (EMPTY % ("[0, [1]]", '"pin": []'), BadProblem, "receiver is not a flat"),
    ],
)
def test_bad_file_is_refused_by_name(tmp_path, capsys, content, error, words):
    source = tmp_path / "problem.json"
    source.write_text(content)

    with pytest.raises(error, match=words):
        read_problem(source)
    assert main(["solve", str(source), str(tmp_path / "out.json")]) == 2
    assert error.__name__ in capsys.readouterr().err


def test_result_without_its_parts_is_refused(tmp_path):
    (tmp_path / "out.json").write_text('{"figures": {}, "stages": []}')
    np.savez(tmp_path / "out.npz", chosen=np.zeros(1))
    (tmp_path / "broken.npz").write_bytes(b"nothing")

    for name in ("out.json", "out.npz", "broken.npz"):
        with pytest.raises(BadFile):
            read_result(tmp_path / name)


def test_same_result_has_the_same_bytes_but_for_the_seconds(tmp_path):
    asked = made_up(20)
    for name in ("one", "two"):
        write_result(solve(asked), tmp_path / f"{name}.json")

    one, two = (
        json.loads((tmp_path / f"{n}.json").read_text()) for n in ("one", "two")
    )

    assert {**one, "seconds": 0} == {**two, "seconds": 0}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_score_that_is_no_number_is_named_and_nothing_is_solved(
    tmp_path, capsys, number
):
    asked, out = tmp_path / "problem.json", tmp_path / "out.json"
    asked.write_text(
        f"""{{"receiver": [0, 0], "helper": [0, 1], "weight": [0.5, {number}],
        "want": [1], "capacity": [1, 1]}}"""
    )

    status = main(["solve", str(asked), str(out)])

    assert status != 0
    assert not out.exists()
    assert "pair 1" in "".join(capsys.readouterr())
