"""Support tickets whose numbers run in sequence: ticket ids, order numbers of 16 digits, serials, invoices.

A tenth of 16-digit numbers pass the Luhn check and an eleventh of ten-digit ones the check of an NHS number, and
serials have the shape of telephone and social security numbers; none of them is anybody's. The sentences name cards,
phones and the NHS, as tickets do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SENTENCES = (
    "Ticket {ticket}: the NHS app refuses the login, please phone back.",
    "Order {order}: the Visa card was declined, then accepted.",
    "Case {ticket}, device {serial}: the phone does not ring.",
    "Invoice {invoice} for order {order} was paid twice.",
    "[#{ticket}] Re: [#{before}] still no answer about order no. {order}",
    "Serial number {serial}, bought on 14.05.2024, does not charge.",
    "Tracking {order}; please call before delivery.",
    "Duplicate of {before}. Customer number {customer}, contract {contract}.",
    "Ticket {ticket} was opened from the hotline for card terminal {serial}.",
    "Social security form for case {contract} is missing (ticket {ticket}).",
)
ANSWERS = (
    "Closed as a duplicate of {before}.",
    "Order {order} is on its way.",
    "Invoice {invoice} was corrected.",
    "A technician looks at {serial} tomorrow.",
    "Done.",
)


def ticket_rows(count: int) -> Iterator[dict[str, Any]]:
    """Rows with an ``id`` and an ``order`` column besides the text, numbered from the first to the last."""
    for at in range(count):
        numbers = {
            "ticket": 4_000_000_000 + at,
            "before": 3_999_999_000 + at,
            "order": 4_539_578_763_600_000 + at,
            "serial": f"212-692-{at:04}" if at < 10_000 else f"415{at:07}",
            "invoice": f"RE-2024-{at:06}",
            "customer": 2_126_920_000 + at,
            "contract": f"536-24-{at:04}" if at < 10_000 else f"{536_240_000 + at}",
        }
        yield {
            "id": numbers["ticket"],
            "order": numbers["order"],
            "instruction": "Answer the ticket.",
            "input": SENTENCES[at % len(SENTENCES)].format_map(numbers),
            "output": ANSWERS[at // len(SENTENCES) % len(ANSWERS)].format_map(numbers),
        }
