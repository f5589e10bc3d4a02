"""`make eval` as a person runs it: a process of its own, with nothing imported before."""

import json
import subprocess
import sys
from pathlib import Path

from tools.system.layout import PROJECT


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tools.quality.evaluate", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120)


def test_the_command_scores_a_folder_and_writes_predictions(tmp_path: Path) -> None:
    rows = [{"text": "Bitcoin crashes", "y": -1, "src": "own"}, {"text": "", "y": 0, "src": "own"}]
    (tmp_path / "sentiment.jsonl").write_text("\n".join(map(json.dumps, rows)))
    done = run("--data", str(tmp_path), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert {json.loads(line)["n"] for line in done.stdout.splitlines() if '"n"' in line} == {2}
    written = (tmp_path / "out" / "sentiment.pred.jsonl").read_text().splitlines()
    assert [set(json.loads(line)) for line in written] == [{"y"}, {"y"}]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = run("--data", str(tmp_path / "nowhere"), "--out", str(tmp_path))
    assert done.returncode == 2
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr
