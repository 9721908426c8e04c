"""Fine-tuning on data that passed the gate: LoRA, evaluation, merging, generation, deployment bundles.

Heavy libraries (torch, transformers, peft) are imported by the functions that need them.
"""
