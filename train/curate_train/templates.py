"""Chat templates for tokenizers that bring none, and the Jinja environment in which any template is rendered.

The environment is the one that transformers documents: sandboxed, with ``trim_blocks`` and ``lstrip_blocks``, the loop
controls, ``raise_exception``, ``strftime_now`` and a ``tojson`` that escapes no HTML. It needs no torch. The one
difference is deliberate: ``strftime_now`` gives a fixed day, since data that is encoded today must be encoded alike
tomorrow. The day is the default of the Llama 3.1 templates.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    import jinja2

DAY = datetime(2024, 7, 26, tzinfo=UTC)

LLAMA3 = """\
{{- bos_token }}
{%- for message in messages %}
{%- set role = 'ipython' if message['role'] == 'tool' else message['role'] %}
{{- '<|start_header_id|>' + role + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}"""
"""As ``ChatFormat`` of Meta's llama-models; outer white space of a message is dropped, as by the hub's template."""

MISTRAL_V3 = """\
{%- set last = namespace(user=-1, system='') %}
{%- for message in messages %}
{%- if message['role'] == 'user' %}{% set last.user = loop.index0 %}{% endif %}
{%- if message['role'] == 'system' %}
{%- set last.system = (last.system + '\\n\\n' if last.system else '') + message['content'] %}
{%- endif %}
{%- endfor %}
{{- bos_token }}
{%- for message in messages %}
{%- if message['role'] == 'user' %}
{%- set before = last.system + '\\n\\n' if last.system and loop.index0 == last.user else '' %}
{{- '[INST] ' + before + message['content'] + '[/INST]' }}
{%- elif message['role'] == 'assistant' %}
{{- ' ' + message['content'] + eos_token }}
{%- elif message['role'] != 'system' %}
{{- raise_exception('the roles are user and assistant, and a system text that goes into the last user turn') }}
{%- endif %}
{%- endfor %}"""
"""As mistral-common's v3: no system role; its text goes into the *last* user turn."""

CHATML = """\
{%- for message in messages %}
{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<|im_start|>assistant\\n' }}
{%- endif %}"""

GEMMA = """\
{{- bos_token }}
{%- set first = namespace(system='') %}
{%- for message in messages %}
{%- if message['role'] == 'system' %}
{%- set first.system = message['content'] | trim + '\\n\\n' %}
{%- elif message['role'] in ('user', 'assistant') %}
{%- set role = 'model' if message['role'] == 'assistant' else 'user' %}
{{- '<start_of_turn>' + role + '\\n' + first.system + message['content'] | trim + '<end_of_turn>\\n' }}
{%- set first.system = '' %}
{%- else %}
{{- raise_exception('the roles are system, user and assistant') }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '<start_of_turn>model\\n' }}
{%- endif %}"""
"""As Gemma 3: the system text stands before the first user turn."""

ALPACA = """\
{{- bos_token }}
{%- for message in messages %}
{%- if message['role'] == 'system' %}
{{- message['content'] | trim + '\\n\\n' }}
{%- elif message['role'] == 'user' %}
{%- if loop.first %}
{{- 'Below is an instruction that describes a task. ' }}
{{- 'Write a response that appropriately completes the request.\\n\\n' }}
{%- endif %}
{{- '### Instruction:\\n' + message['content'] | trim + '\\n\\n' }}
{%- elif message['role'] == 'assistant' %}
{{- '### Response:\\n' + message['content'] | trim + eos_token + ('' if loop.last else '\\n\\n') }}
{%- else %}
{{- raise_exception('the roles are system, user and assistant') }}
{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
{{- '### Response:\\n' }}
{%- endif %}"""
"""The text form of Stanford Alpaca, with a stop token, for base models whose tokenizer has no marks of turns."""

TEMPLATES = {"llama3": LLAMA3, "mistral-v3": MISTRAL_V3, "chatml": CHATML, "gemma": GEMMA, "alpaca": ALPACA}

NAMES = tuple(TEMPLATES)
"""What ``template`` in a recipe may say besides ``tokenizer``."""

NEEDED = {
    "llama3": ("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
    "mistral-v3": ("[INST]", "[/INST]"),
    "chatml": ("<|im_start|>", "<|im_end|>"),
    "gemma": ("<start_of_turn>", "<end_of_turn>"),
    "alpaca": (),
}
"""Tokens that the vocabulary must have for a template to be more than text."""


class TemplateRefusal(Exception):  # noqa: N818 (no error: what a template says of a row)
    """A template refuses a conversation: it knows no such role, or not in this order."""


@lru_cache(maxsize=16)
def compile_template(text: str) -> jinja2.Template:
    """A template, ready to be rendered with ``messages``, ``add_generation_prompt`` and the special tokens."""
    from jinja2.exceptions import TemplateError  # noqa: PLC0415 (loaded where templates are rendered)
    from jinja2.ext import Extension, loopcontrols  # noqa: PLC0415 (the same)
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415 (the same)

    class Generation(Extension):
        """``{% generation %}``: marks of answers for other trainers; here they are plain blocks."""

        tags = {"generation"}  # noqa: RUF012 (jinja's interface)

        def parse(self, parser: Any) -> Any:  # noqa: ANN401 (jinja's interface)
            """The block's content alone."""
            next(parser.stream)
            return parser.parse_statements(["name:endgeneration"], drop_needle=True)

    def refuse(message: str) -> NoReturn:
        raise TemplateError(message)

    def to_json(value: object, ensure_ascii: bool = False, indent: int | None = None, **more: Any) -> str:  # noqa: ANN401
        return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, **more)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
    )
    environment.filters["tojson"] = to_json
    environment.globals["raise_exception"] = refuse
    environment.globals["strftime_now"] = DAY.strftime
    return environment.from_string(text)
