"""The configuration that another trainer needs to do what a recipe says, in that trainer's own words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from curate_train.recipe import Recipe

NAME = "curate"
"""Of the data set in the configurations."""

TRAIN, ASIDE = "train.jsonl", "validation.jsonl"

LLAMAFACTORY_TEMPLATES = {
    "llama3": "llama3",
    "mistral": "mistral",
    "gemma": "gemma",
    "smollm": "smollm2",
    "qwen": "qwen",
}
"""Its names of templates, by a part of the model's name."""

TAGS = {
    "role_tag": "role",
    "content_tag": "content",
    "user_tag": "user",
    "assistant_tag": "assistant",
    "system_tag": "system",
}


def llamafactory(recipe: Recipe, *, has_aside: bool, last_only: bool) -> dict[str, str]:
    """``dataset_info.json`` and ``train.yaml``, for LLaMA-Factory 0.9."""
    files = {NAME: TRAIN} | ({f"{NAME}_validation": ASIDE} if has_aside else {})
    info = {
        name: {"file_name": file, "formatting": "sharegpt", "columns": {"messages": "messages"}, "tags": TAGS}
        for name, file in files.items()
    }
    config: dict[str, Any] = {
        "model_name_or_path": recipe.model,
        "stage": "sft",
        "do_train": True,
        "finetuning_type": "lora",
        "lora_rank": recipe.lora_r,
        "lora_alpha": round(recipe.lora_alpha),
        "lora_dropout": recipe.lora_dropout,
        "lora_target": "all" if "all-linear" in recipe.lora_targets else ",".join(recipe.lora_targets),
        "dataset_dir": ".",
        "dataset": NAME,
        "template": _template(recipe),
        # Packing takes one token off this limit; rows that are longer than ours were left out before.
        "cutoff_len": recipe.max_length + 1,
        "packing": recipe.packing,
        "neat_packing": recipe.packing,
        "train_on_prompt": False,
        "mask_history": last_only,
        **_trainer(recipe),
        "warmup_ratio": recipe.warmup,
        "output_dir": "adapter",
    }
    if recipe.precision == "nf4":
        config |= {"quantization_bit": 4, "quantization_type": "nf4", "double_quantization": True}
    if has_aside:
        config |= {"eval_dataset": f"{NAME}_validation", "eval_strategy": "epoch"}
    return {"dataset_info.json": json.dumps(info, indent=2) + "\n", "train.yaml": _yaml(config)}


def axolotl(recipe: Recipe, *, has_aside: bool) -> dict[str, str]:
    """``axolotl.yaml``."""
    reads = {
        "type": "chat_template",
        "field_messages": "messages",
        "message_property_mappings": {"role": "role", "content": "content"},
        "message_field_training": "train",
        "roles_to_train": [],
        "train_on_eos": "turn",
    }
    config: dict[str, Any] = {
        "base_model": recipe.model,
        "datasets": [{"path": TRAIN, "ds_type": "json", **reads}],
        **(
            {"test_datasets": [{"path": ASIDE, "ds_type": "json", "split": "train", **reads}]}
            if has_aside
            else {}
        ),
        "chat_template": "tokenizer_default",
        "adapter": "qlora" if recipe.precision == "nf4" else "lora",
        "load_in_4bit": recipe.precision == "nf4",
        "lora_r": recipe.lora_r,
        "lora_alpha": round(recipe.lora_alpha),
        "lora_dropout": recipe.lora_dropout,
        "sequence_len": recipe.max_length,
        "excess_length_strategy": "drop",
        "sample_packing": isolates(recipe),
        "attn_implementation": recipe.attention,
        "micro_batch_size": recipe.batch_size,
        "gradient_accumulation_steps": recipe.accumulate,
        "num_epochs": recipe.epochs,
        **({"max_steps": recipe.max_steps} if recipe.max_steps else {}),
        "learning_rate": recipe.lr,
        "lr_scheduler": recipe.schedule,
        "warmup_ratio": recipe.warmup,
        "max_grad_norm": recipe.max_grad_norm,
        "weight_decay": recipe.weight_decay,
        "optimizer": "adamw_torch" if recipe.optimizer == "adamw" else recipe.optimizer,
        "bf16": recipe.precision in ("bf16", "nf4"),
        "fp16": recipe.precision == "fp16",
        "gradient_checkpointing": recipe.checkpointing,
        "seed": recipe.seed,
        "output_dir": "adapter",
    }
    if "all-linear" in recipe.lora_targets:
        config["lora_target_linear"] = True
    else:
        config["lora_target_modules"] = list(recipe.lora_targets)
    return {"axolotl.yaml": _yaml(config)}


def trl(recipe: Recipe, *, has_aside: bool) -> dict[str, str]:
    """``train.py`` for TRL 1 and its ``config.json``: the arguments of ``SFTConfig`` and ``LoraConfig``."""
    targets = "all-linear" if "all-linear" in recipe.lora_targets else list(recipe.lora_targets)
    config: dict[str, Any] = {
        "model": recipe.model,
        "quantised": recipe.precision == "nf4",
        "attention": recipe.attention,
        "sft": {
            "output_dir": "adapter",
            "completion_only_loss": True,
            "max_length": recipe.max_length,
            "packing": isolates(recipe),
            **_trainer(recipe),
            "warmup_steps": recipe.warmup,
            **({"eval_strategy": "epoch"} if has_aside else {}),
        },
        "lora": {
            "r": recipe.lora_r,
            "lora_alpha": recipe.lora_alpha,
            "lora_dropout": recipe.lora_dropout,
            "target_modules": targets,
            "task_type": "CAUSAL_LM",
        },
    }
    return {"config.json": json.dumps(config, indent=2) + "\n", "train.py": TRL_SCRIPT}


def openai(recipe: Recipe, *, has_aside: bool) -> dict[str, str]:
    """``job.json``: the body of a request for a fine-tuning job, without model and files, which only you know."""
    job: dict[str, Any] = {
        "model": "",
        "training_file": "",
        **({"validation_file": ""} if has_aside else {}),
        "seed": recipe.seed,
        "method": {
            "type": "supervised",
            "supervised": {"hyperparameters": {"n_epochs": max(1, round(recipe.epochs))}},
        },
    }
    return {"job.json": json.dumps(job, indent=2) + "\n"}


def isolates(recipe: Recipe) -> bool:
    """Whether rows may be packed: in Axolotl and TRL only flash attention keeps them from seeing each other."""
    return recipe.packing and recipe.attention == "flash_attention_2"


def _trainer(recipe: Recipe) -> dict[str, Any]:
    """What is said in the words of transformers' Trainer."""
    return {
        "per_device_train_batch_size": recipe.batch_size,
        "gradient_accumulation_steps": recipe.accumulate,
        "num_train_epochs": recipe.epochs,
        **({"max_steps": recipe.max_steps} if recipe.max_steps else {}),
        "learning_rate": recipe.lr,
        "lr_scheduler_type": "constant_with_warmup" if recipe.schedule == "constant" else recipe.schedule,
        "max_grad_norm": recipe.max_grad_norm,
        "weight_decay": recipe.weight_decay,
        "optim": "adamw_torch" if recipe.optimizer == "adamw" else recipe.optimizer,
        "bf16": recipe.precision in ("bf16", "nf4"),
        "fp16": recipe.precision == "fp16",
        "gradient_checkpointing": recipe.checkpointing,
        "seed": recipe.seed,
    }


def _template(recipe: Recipe) -> str:
    """LLaMA-Factory's name of the model's template; its neutral one where it is not known."""
    name = f"{recipe.template} {recipe.model}".lower().replace("llama-3", "llama3")
    return next((theirs for part, theirs in LLAMAFACTORY_TEMPLATES.items() if part in name), "default")


def _yaml(config: dict[str, Any]) -> str:
    import yaml  # noqa: PLC0415 (only where it is written)

    return str(yaml.safe_dump(config, sort_keys=False, allow_unicode=True))


TRL_SCRIPT = '''\
"""Supervised fine-tuning with TRL: the data and the arguments lie beside this file."""

import json
from pathlib import Path

import torch
from datasets import load_dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, BitsAndBytesConfig
from trl import SFTConfig, SFTTrainer

here = Path(__file__).parent
config = json.loads((here / "config.json").read_text("utf-8"))
files = {name: str(here / f"{name}.jsonl") for name in ("train", "validation") if (here / f"{name}.jsonl").exists()}
data = load_dataset("json", data_files=files)
named = {"attn_implementation": config["attention"]}
named["dtype"] = torch.bfloat16 if config["sft"]["bf16"] else torch.float32
if config["quantised"]:
    named["quantization_config"] = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
trainer = SFTTrainer(
    model=AutoModelForCausalLM.from_pretrained(config["model"], **named),
    args=SFTConfig(**config["sft"]),
    train_dataset=data["train"],
    eval_dataset=data.get("validation"),
    peft_config=LoraConfig(**config["lora"]),
)
trainer.train()
trainer.save_model()
'''
