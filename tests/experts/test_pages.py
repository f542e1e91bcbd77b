"""The pages of people and organisations, as people use them."""

from __future__ import annotations


def test_lists_and_pages_are_sound(world, client_for, read):
    for language in ("en", "zh"):
        client = client_for("officer", language)
        for path in ("/experts", f"/experts/{world.person_id}", "/experts/new", f"/experts/{world.person_id}/edit",
                     f"/experts/{world.person_id}/passports/new", f"/experts/{world.person_id}/names",
                     f"/experts/{world.person_id}/education", f"/experts/{world.person_id}/employment",
                     f"/experts/{world.person_id}/family", "/organisations", f"/organisations/{world.organisation_id}",
                     "/organisations/new", f"/organisations/{world.organisation_id}/edit",
                     f"/organisations/{world.organisation_id}/contacts"):
            read(client.get(path))
