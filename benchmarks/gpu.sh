#!/bin/sh
# One run on a GPU, ten minutes at most. Results go to benchmarks/results/gpu.json.
# Needs Python 3.11 or later with torch, transformers and peft; bitsandbytes for the parts in 4 bits.
set -e
cd "$(dirname "$0")/.."
nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv
PYTHONPATH="$PWD:$PWD/train" exec "${PYTHON:-python3}" -m benchmarks.gpu_run
