"""The unified social credit code of an organisation (统一社会信用代码, GB 32100-2015): read, taken apart,
checked.

Eighteen signs: registering authority, kind, six digits of area, nine of the organisation code (GB 11714),
check sign. A code that was lawfully issued may still fail a check (codes carried over from older registers
do): such a failure can be accepted with a reason, a wrong length or sign cannot.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from stdnum.cn import uscc

from expertdesk.foundation.locale import Bilingual, lazy

_LENGTH = 18
_SIGNS = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")  # no I, O, S, V, Z
_AREA = slice(2, 8)
_ORGANISATION = slice(8, 17)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
_ORGANISATION_MODULUS = 11
_ORGANISATION_DIGITS = "0123456789X"

# GB 32100-2015, table 1, with its amendment: first sign, then second sign.
_OTHER = Bilingual("其他", "other")
AUTHORITIES: dict[str, tuple[Bilingual, dict[str, Bilingual]]] = {
    "1": (Bilingual("机构编制", "public-sector establishment office"), {
        "1": Bilingual("机关", "government body"),
        "2": Bilingual("事业单位", "public institution"),
        "3": Bilingual("编办直接管理机构编制的群众团体", "mass organisation on the establishment"),
        "9": _OTHER,
    }),
    "2": (Bilingual("外交", "foreign affairs"), {
        "1": Bilingual("外国常驻新闻机构", "resident foreign news organisation"),
        "9": _OTHER,
    }),
    "3": (Bilingual("司法行政", "justice administration"), {
        "1": Bilingual("律师执业机构", "law firm"),
        "2": Bilingual("公证处", "notary office"),
        "3": Bilingual("基层法律服务所", "grass-roots legal service office"),
        "4": Bilingual("司法鉴定机构", "forensic institution"),
        "5": Bilingual("仲裁委员会", "arbitration commission"),
        "9": _OTHER,
    }),
    "4": (Bilingual("文化", "culture"), {
        "1": Bilingual("外国在华文化中心", "foreign cultural centre in China"),
        "9": _OTHER,
    }),
    "5": (Bilingual("民政", "civil affairs"), {
        "1": Bilingual("社会团体", "social association"),
        "2": Bilingual("民办非企业单位", "private non-enterprise unit"),
        "3": Bilingual("基金会", "foundation"),
        "9": _OTHER,
    }),
    "6": (Bilingual("旅游", "tourism"), {
        "1": Bilingual("外国旅游部门常驻代表机构", "resident office of a foreign tourism body"),
        "2": Bilingual("港澳台地区旅游部门常驻内地（大陆）代表机构",
                       "resident office of a Hong Kong, Macao or Taiwan tourism body"),
        "9": _OTHER,
    }),
    "7": (Bilingual("宗教", "religious affairs"), {
        "1": Bilingual("宗教活动场所", "place of worship"),
        "2": Bilingual("宗教院校", "religious college"),
        "9": _OTHER,
    }),
    "8": (Bilingual("工会", "trade unions"), {
        "1": Bilingual("基层工会", "grass-roots trade union"),
        "9": _OTHER,
    }),
    "9": (Bilingual("工商（市场监管）", "market regulation"), {
        "1": Bilingual("企业", "enterprise"),
        "2": Bilingual("个体工商户", "individual business"),
        "3": Bilingual("农民专业合作社", "farmers' cooperative"),
        "9": _OTHER,
    }),
    "A": (Bilingual("中央军委改革和编制办公室", "Central Military Commission establishment office"), {
        "1": Bilingual("军队事业单位", "military institution"),
        "9": _OTHER,
    }),
    "N": (Bilingual("农业", "agriculture"), {
        "1": Bilingual("组级集体经济组织", "collective of a villagers' group"),
        "2": Bilingual("村级集体经济组织", "village collective"),
        "3": Bilingual("乡镇级集体经济组织", "township collective"),
        "9": _OTHER,
    }),
    "Y": (_OTHER, {"1": _OTHER}),
}  # fmt: skip


@dataclass(frozen=True)
class CodeProblem:
    """One thing that does not fit. `may_be_accepted`: with a reason, when the certificate shows this very
    code."""

    code: str
    part: str
    message: Any
    may_be_accepted: bool = False
    position: int = 0


@dataclass(frozen=True)
class CreditCode:
    """A code taken apart. Parts are "" or None where they cannot be read."""

    code: str
    authority: Bilingual | None
    kind: Bilingual | None
    area: str
    organisation_code: str
    problems: tuple[CodeProblem, ...]

    @property
    def is_valid(self) -> bool:
        return not self.problems

    @property
    def may_be_accepted(self) -> bool:
        """Either in order, or failing only in what a lawful old code may fail in."""
        return all(problem.may_be_accepted for problem in self.problems)

    @property
    def grouped(self) -> str:
        """As people read it aloud: 91 110108 551385082 Q."""
        parts = (self.code[:2], self.code[_AREA], self.code[_ORGANISATION], self.code[17:])
        return " ".join(part for part in parts if part)

    @property
    def is_enterprise(self) -> bool:
        return self.code.startswith("91")


def tidy_credit_code(text: str) -> str:
    """Capitals and digits only; full-width signs, spaces and hyphens of a pasted code fall away."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\s\-‐‑‒–—_.\u200b\ufeff]+", "", plain)


def read_credit_code(text: str) -> CreditCode:
    """Take apart and check; never raises."""
    code = tidy_credit_code(text)
    problems = _shape_problems(code)
    if problems:
        return CreditCode(code, None, None, "", "", tuple(problems))
    authority, kinds = AUTHORITIES.get(code[0], (None, {}))
    kind = kinds.get(code[1])
    if authority is None or kind is None:
        problems.append(
            CodeProblem(
                "credit_code.kind",
                "kind",
                lazy(
                    "The first two signs %(signs)s are no kind of organisation in GB 32100.", signs=code[:2]
                ),
                may_be_accepted=True,
                position=1,
            )
        )
    problems += _check_problems(code)
    return CreditCode(code, authority, kind, code[_AREA], code[_ORGANISATION], tuple(problems))


def organisation_check(first_eight: str) -> str:
    """The check sign of an organisation code (GB 11714)."""
    total = sum(
        int(sign, 36) * weight for sign, weight in zip(first_eight, _ORGANISATION_WEIGHTS, strict=True)
    )  # the standard counts A as 10 and Z as 35, as base 36 does
    return _ORGANISATION_DIGITS[-total % _ORGANISATION_MODULUS]


def _shape_problems(code: str) -> list[CodeProblem]:
    if len(code) != _LENGTH:
        message = lazy("A unified social credit code has 18 signs; this one has %(count)s.", count=len(code))
        return [CodeProblem("credit_code.length", "whole", message)]
    for position, sign in enumerate(code, start=1):
        if sign not in _SIGNS:
            message = lazy(
                "Position %(position)s is %(sign)s; codes have only digits and capitals without "
                "I, O, S, V, Z.",
                position=position,
                sign=sign,
            )
            return [CodeProblem("credit_code.sign", "whole", message, position=position)]
    if not code[_AREA].isdigit():
        position = _AREA.start + next(
            place for place, sign in enumerate(code[_AREA], start=1) if not sign.isdigit()
        )
        message = lazy(
            "Positions 3 to 8 are the area and must be digits; position %(position)s is %(sign)s.",
            position=position,
            sign=code[position - 1],
        )
        return [CodeProblem("credit_code.area", "area", message, position=position)]
    return []


def _check_problems(code: str) -> list[CodeProblem]:
    problems = []
    organisation = code[_ORGANISATION]
    wanted = organisation_check(organisation[:-1])
    if organisation[-1] != wanted:
        message = lazy(
            "The organisation code %(part)s (positions 9 to 17) should end in %(wanted)s, but ends in "
            "%(found)s. Compare it with the certificate.",
            part=organisation,
            wanted=wanted,
            found=organisation[-1],
        )
        problems.append(CodeProblem("credit_code.organisation", "organisation_code", message, True, 17))
    wanted = uscc.calc_check_digit(code[:-1])
    if code[-1] != wanted:
        message = lazy(
            "The last sign should be %(wanted)s, but is %(found)s. Compare the whole code with "
            "the certificate.",
            wanted=wanted,
            found=code[-1],
        )
        problems.append(CodeProblem("credit_code.check", "check", message, True, _LENGTH))
    return problems
