"""`python -m surveys.analysis` on files, good and bad."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from surveys.analysis.__main__ import main

ROOT = Path(__file__).parents[3]
ANSWERS = json.loads((Path(__file__).parent / "answers.json").read_text("utf-8"))[:12]


def lines(answers, **more):
    return [
        {
            "id": each["id"],
            "text": each["text"],
            "language": each["language"],
            "unit": n,
            "region": "asia",
            "side": "government",
            **more,
        }
        for n, each in enumerate(answers)
    ]


def write(path, rows):
    path.write_text(
        "\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8"
    )
    return str(path)


def test_embed_writes_rows_in_the_order_of_the_lines(tmp_path):
    rows = [
        {"id": 1, "text": "Open portal", "language": "en", "kind": "need"},
        {"id": 2, "text": "Two\u2028lines", "language": "en", "kind": "answer"},
        {"id": 3, "text": "", "language": "xx", "kind": "offer"},
        {"id": 4, "text": "Open portal", "language": "en", "kind": "need"},
    ]
    target = tmp_path / "out.npy"

    assert main(["embed", write(tmp_path / "in.jsonl", rows), str(target)]) == 0

    found = np.load(target)
    assert found.dtype == np.float32
    assert np.array_equal(found[0], found[3])
    assert list(np.linalg.norm(found, axis=1).round(4)) == [1, 1, 0, 1]


def test_cluster_says_where_every_line_went(tmp_path):
    target = tmp_path / "out.json"

    done = main(["cluster", write(tmp_path / "in.jsonl", lines(ANSWERS)), str(target)])

    found = json.loads(target.read_text("utf-8"))
    inside = [name for each in found["clusters"] for name in each["members"]]
    assert done == 0
    assert sorted(inside + found["left_out"]) == [each["id"] for each in ANSWERS]
    assert found["parameters"]["outcome"] in {"draft", "no_clear_groups"}
    assert set(found) == {"clusters", "left_out", "parameters"}


def test_the_same_bytes_in_any_order_and_any_process(tmp_path):
    rows = lines(ANSWERS)
    for name, order in (("one", rows), ("two", rows[::-1])):
        source = write(tmp_path / f"{name}.jsonl", order)
        subprocess.run(
            [
                sys.executable,
                "-m",
                "surveys.analysis",
                "cluster",
                source,
                f"{source}.out",
            ],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": str(len(name) + len(source))},
        )

    one, two = (tmp_path / f"{name}.jsonl.out" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "line 1: not JSON"),
        ('{"id": 1, "text": "a"}', "line 1: without language, region, side, unit"),
        ("[1]", "line 1: without"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_written(tmp_path, capsys, text, complaint):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.json"
    source.write_text(text, "utf-8")

    assert main(["cluster", str(source), str(target)]) == 2

    assert complaint in capsys.readouterr().err
    assert not target.exists()


def test_an_id_twice_is_refused(tmp_path, capsys):
    source = write(tmp_path / "in.jsonl", [*lines(ANSWERS[:1]), *lines(ANSWERS[:1])])

    assert main(["cluster", source, str(tmp_path / "out")]) == 2

    assert "line 2: the id 'a01' is there twice" in capsys.readouterr().err


def test_an_empty_file_is_an_empty_list(tmp_path):
    target = tmp_path / "out.json"

    assert main(["cluster", write(tmp_path / "in.jsonl", []), str(target)]) == 0

    found = json.loads(target.read_text("utf-8"))
    assert (found["clusters"], found["left_out"]) == ([], [])
    assert found["parameters"]["outcome"] == "list_only"
