"""The glossary holds: a message that is a term of the field and nothing else carries the field's Chinese, and the
rule tables and letters use no other word for it."""

from __future__ import annotations

from pathlib import Path

import yaml
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parents[2] / "translations"
GLOSSARY = yaml.safe_load((FOLDER / "glossary.yaml").read_text(encoding="utf-8"))


def test_terms_are_translated_as_the_glossary_says():
    wanted = {term["en"].casefold(): {term["zh"], *term.get("also", ())} for term in GLOSSARY}
    seen, wrong = 0, []
    for path in sorted((FOLDER / "zh").glob("*.po")):
        with path.open("rb") as stream:
            for message in read_po(stream, locale="zh"):
                allowed = wanted.get(message.id.casefold()) if isinstance(message.id, str) else None
                if allowed is None:
                    continue
                seen += 1
                if message.string not in allowed:
                    wrong.append(f"{path.stem}: {message.id} = {message.string}, not {sorted(allowed)}")
    assert not wrong, "\n".join(wrong)
    assert seen >= len(GLOSSARY) // 2, "the glossary is about words nobody uses"


def test_no_term_stands_twice_and_each_has_both_languages():
    names = [term["en"].casefold() for term in GLOSSARY]
    assert len(names) == len(set(names))
    assert all(term["en"].isascii() and not term["zh"].isascii() for term in GLOSSARY)
