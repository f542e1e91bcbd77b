"""What is wrong with a rule table, and the error that stops the start-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from expertdesk.foundation.errors import DeskError
from expertdesk.foundation.locale import Bilingual


@dataclass(frozen=True)
class Problem:
    """One fault of a table: the file, the line in it (from 1; 0 = the whole file) and a sentence."""

    file: str
    line: int
    sentence: Bilingual

    def text(self, language: str) -> str:
        """`points.yaml:17: …` in the given language."""
        return f"{self._place}: {self.sentence.text(language)}"

    @property
    def _place(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self._place}: {self.sentence}"


class RuleTableError(DeskError):
    """The tables cannot be used; `problems` holds every fault that was found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class RuleInputError(DeskError):
    """Facts or arguments that cannot be judged. `problems` maps a field name ("" = the whole) to a sentence."""

    def __init__(self, problems: dict[str, Bilingual]) -> None:
        self.problems = problems
        super().__init__("; ".join(text.en for text in problems.values()))

    def text(self, language: str) -> str:
        """One line in the given language."""
        glue = "；" if language == "zh" else "; "
        return glue.join(text.text(language) for text in self.problems.values())
