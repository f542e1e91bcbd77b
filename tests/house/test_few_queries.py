"""No page costs more than eight queries, whoever reads it, and whatever is on it."""

from __future__ import annotations

from collections.abc import Iterator

from tests.cases_pages.counting import statements
from tests.house.bureau import Bureau, walk

MOST = 8


def counted(bureau: Bureau) -> Iterator[tuple[str, str, str, list[str]]]:
    """(endpoint, reader, address, statements) of every example that is shown; the second time, as in a day's work."""
    for endpoint, reader, address in walk(bureau):
        client = bureau.client(reader, "en")
        if client.get(address).status_code != 200:
            continue  # a way on, or a refusal
        with statements() as seen:
            client.get(address)
        yield endpoint, reader, address, seen


def test_every_page_costs_at_most_eight_queries(bureau):
    found = [
        f"{len(seen)} {reader} {address} ({endpoint})"
        for endpoint, reader, address, seen in counted(bureau)
        if len(seen) > MOST
    ]
    assert not found, "\n".join(found)
