"""What each platform wants beside the weights.

Hugging Face Inference Endpoints: a repository with ``handler.py`` and ``requirements.txt``. Amazon SageMaker: a
``model.tar.gz`` with the weights at its root and ``code/inference.py``, and requests for boto3. vLLM: its command line.
"""

from __future__ import annotations

import gzip
import json
import shutil
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from curate_train.files import write_json

if TYPE_CHECKING:
    from collections.abc import Callable

SERVERS = Path(__file__).with_name("servers")
ARCHIVE = "model.tar.gz"
DAY = 315_532_800
"""1980-01-01 UTC, the time of every file in an archive, so that the same files give the same bytes."""

NOT_PACKED = {"smoke.jsonl", "requests.json"}


def _copy(name: str, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    shutil.copyfile(SERVERS / name, folder / name)


def _hf_endpoint(out: Path, settings: dict[str, Any]) -> None:  # noqa: ARG001 (all platforms take the same)
    _copy("handler.py", out)
    _copy("serving.py", out)
    write_json(
        out / "request.json",
        {
            "inputs": [{"role": "user", "content": "…"}],
            "parameters": {"max_new_tokens": 256, "temperature": 0.7},
        },
    )


def _sagemaker(out: Path, settings: dict[str, Any]) -> None:
    _copy("inference.py", out / "code")
    _copy("serving.py", out / "code")
    (out / "requirements.txt").rename(out / "code" / "requirements.txt")
    packed = sorted(file for file in out.rglob("*") if file.is_file() and file.name not in NOT_PACKED)
    write_archive(out / ARCHIVE, out, packed)
    for file in packed:
        file.unlink()
    (out / "code").rmdir()
    write_json(out / "requests.json", _boto3(settings))


def write_archive(archive: Path, root: Path, files: list[Path]) -> None:
    """A ``tar.gz`` that depends on nothing but names and contents. Weights hardly shrink: the fastest level."""
    with (
        archive.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=1, mtime=DAY) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.USTAR_FORMAT) as tar,
    ):
        for file in files:
            entry = tarfile.TarInfo(file.relative_to(root).as_posix())
            entry.size, entry.mtime, entry.mode = file.stat().st_size, DAY, 0o644
            with file.open("rb") as handle:
                tar.addfile(entry, handle)


def _boto3(settings: dict[str, Any]) -> dict[str, Any]:
    """Arguments of the calls, in their order; what stands in angle brackets is the user's own."""
    environment = {"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_REGION": "<region>"}
    if settings["base"]:
        environment["BASE_MODEL"] = settings["base"]
    return {
        "sagemaker.create_model": {
            "ModelName": "<name>",
            "ExecutionRoleArn": "<role ARN>",
            "PrimaryContainer": {
                "Image": "<URI of a Hugging Face PyTorch inference image in your region>",
                "ModelDataUrl": f"s3://<bucket>/{ARCHIVE}",
                "Environment": environment,
            },
        },
        "sagemaker.create_endpoint_config": {
            "EndpointConfigName": "<name>",
            "ProductionVariants": [
                {
                    "VariantName": "all",
                    "ModelName": "<name>",
                    "InitialInstanceCount": 1,
                    "InstanceType": "<instance type>",
                }
            ],
        },
        "sagemaker.create_endpoint": {"EndpointName": "<name>", "EndpointConfigName": "<name>"},
        "sagemaker-runtime.invoke_endpoint": {
            "EndpointName": "<name>",
            "ContentType": "application/json",
            "Body": json.dumps(
                {"inputs": [{"role": "user", "content": "…"}], "parameters": {"max_new_tokens": 256}}
            ),
        },
    }


def vllm_arguments(settings: dict[str, Any]) -> list[str]:
    """The command line. vLLM's own largest rank is 16, so it is always said."""
    words = ["vllm", "serve", settings["base"] or "./model", "--dtype", settings["dtype"]]
    words += ["--max-model-len", str(settings["max_length"])]
    if settings["base"]:
        rank = next(size for size in (8, 16, 32, 64, 128, 256, 320, 512, 1024) if size >= settings["lora_r"])
        words += ["--enable-lora", "--max-lora-rank", str(rank), "--lora-modules", "tuned=./model"]
        words += ["--chat-template", "./model/chat_template.jinja"]
    else:
        words += ["--served-model-name", "tuned"]
    return words


def _vllm(out: Path, settings: dict[str, Any]) -> None:
    _copy("serving.py", out)
    words = vllm_arguments(settings)
    write_json(out / "vllm.json", {"command": words})
    advice = "# Set VLLM_API_KEY: without a key anybody who reaches the port can ask."
    lines = f'#!/bin/sh\n{advice}\nexec {" ".join(words)} "$@"\n'
    (out / "serve.sh").write_text(lines, "utf-8")
    body = {
        "model": "tuned",
        "messages": [{"role": "user", "content": "…"}],
        "max_tokens": 256,
        "temperature": 0.7,
    }
    write_json(out / "request.json", {**body, "stop_token_ids": settings["stop_ids"]})


_PLATFORMS: dict[str, Callable[[Path, dict[str, Any]], None]] = {
    "hf-endpoint": _hf_endpoint,
    "sagemaker": _sagemaker,
    "vllm": _vllm,
}

TARGETS = tuple(_PLATFORMS)


def write_platform(target: str, out: Path, settings: dict[str, Any]) -> None:
    """Write what the platform wants."""
    _PLATFORMS[target](out, settings)
