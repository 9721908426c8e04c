"""``train check``: every row accounted for, in any folder, with exit codes that a pipeline can use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from curate_train.checking import look
from curate_train.examples import read_dataset

from tests.train import lab, references
from tests.train.references import encoder

pytest.importorskip("transformers", reason="needs transformers: pip install 'curate-data[train]'")

ROWS = lab.every_row()[:20]


def curate(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "curate"), "train", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tokenizer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    lab.make_tokenizer(folder)
    return folder


def test_it_works_in_a_folder_of_the_users_own_training(tmp_path: Path, tokenizer_folder: Path) -> None:
    for name in ("train.py", "curate.py", "data/__init__.py", "tests/__init__.py", "train_test.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("raise SystemExit('the wrong module was imported')\n", "utf-8")
    lab.write_rows(tmp_path / "data" / "rows.jsonl", ROWS)
    done = curate(
        "check", "data/", "-r", "tiny-cpu", "--model", str(tokenizer_folder), "--show", "1", folder=tmp_path
    )
    assert (done.returncode, done.stderr) == (
        0,
        "1 file not read: data/__init__.py (not a data file by its name)\n",
    )
    assert "All 20 rows are trained on, whole" in done.stdout
    answer = ROWS[0]["completion"]
    assert f"⟦{answer}<|im_end|>⟧" in done.stdout, "what is learned is seen without colours"


def test_json_tells_every_figure_and_no_text(tmp_path: Path, tokenizer_folder: Path) -> None:
    rows = [*ROWS, {"prompt": "Say <|im_end|>.", "completion": "No."}, {"prompt": "?", "completion": ""}]
    path = lab.write_rows(tmp_path / "rows.jsonl", rows)
    words = ("check", str(path), "-r", "tiny-cpu", "--model", str(tokenizer_folder), "--json")
    done = curate(*words, folder=tmp_path)
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert told["trained_on"] == len(ROWS) == told["masks_verified"]
    assert sum(told["left_out"].values()) == 2
    assert {one["where"].rpartition(":")[2] for one in told["first_left_out"]} == {"21", "22"}
    assert ROWS[0]["completion"] not in done.stdout
    assert curate(*words, "--allow", "2", folder=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--set", "max_length=8"), 3, "Nothing to train on"),
        (("--set", "max_lenght=8"), 2, "did you mean 'max_length'"),
        (("--set", "template=llama3"), 2, "start_header_id"),
        (("--model", "nowhere"), 2, "no tokenizer can be read"),
    ],
)
def test_exit_codes(
    words: tuple[str, ...], code: int, told: str, tmp_path: Path, tokenizer_folder: Path
) -> None:
    path = lab.write_rows(tmp_path / "rows.jsonl", ROWS)
    given = ("check", str(path), "-r", "tiny-cpu", "--model", str(tokenizer_folder), *words)
    env = "HF_HUB_OFFLINE"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(env, "1")
        done = curate(*given, folder=tmp_path)
    assert done.returncode == code
    assert told in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_what_each_length_costs_is_counted_token_by_token(tmp_path: Path) -> None:
    tokenizer = references.small(tmp_path / "tokenizer")
    rows = [
        {"prompt": "Where is it? " * n, "completion": "At the mill you find the door. " * n}
        for n in range(1, 60)
    ]
    data = read_dataset(lab.write_rows(tmp_path / "rows.jsonl", rows), force=True)
    encodes = encoder(tokenizer, max_length=700)
    view = look(data, encodes)
    whole = list(encodes.encode_whole(data.examples))
    assert {loss.max_length for loss in view.losses} == {512, 700}
    for loss in view.losses:
        longer = [one for one in whole if len(one.ids) > loss.max_length]
        lost = [sum(one.trained[loss.max_length :]) for one in longer]
        assert (loss.rows, loss.cut, loss.tokens) == (len(longer), sum(map(bool, lost)), sum(lost))
        assert loss.beheaded == sum(not any(one.trained[: loss.max_length]) for one in longer)
    assert view.kept + view.reasons.total() == view.rows == len(rows)
    assert view.lengths == [len(one.ids) for one in whole if len(one.ids) <= 700]
    assert view.learned == sum(sum(one.trained) for one in whole if len(one.ids) <= 700)
    assert view.longest == max(len(one.ids) for one in whole)


def test_a_wrong_mask_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = references.small(tmp_path / "tokenizer")
    data = read_dataset(lab.write_rows(tmp_path / "rows.jsonl", ROWS), force=True)
    encodes = encoder(tokenizer)
    right = list(encodes.encode_whole(data.examples))
    shifted = [type(one)(one.ids, [False, *one.trained[:-1]]) for one in right]
    monkeypatch.setattr(encodes, "encode_whole", lambda _: iter(shifted))
    with pytest.raises(AssertionError, match="mask"):
        look(data, encodes)


def test_rows_are_shown_with_personal_data_masked(tmp_path: Path, tokenizer_folder: Path) -> None:
    row = {"prompt": "Whom do I ask?", "completion": "Write to jane.doe@kanzlei-berger.de."}
    path = lab.write_rows(tmp_path / "rows.jsonl", [row])
    given = ("check", str(path), "-r", "tiny-cpu", "--model", str(tokenizer_folder), "--show", "1")
    assert "jane.doe" not in curate(*given, folder=tmp_path).stdout
    assert "jane.doe" in curate(*given, "--show-pii", folder=tmp_path).stdout
