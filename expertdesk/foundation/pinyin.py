"""Chinese names in Latin letters, so that they are also found by sound: 单雄信 by shan, xiongxin,
shanxiongxin, sxx.

A surname is often read otherwise than the same character in a word (单 is dan in a list, Shan as a
surname); the library does not know that, therefore the table below. The ü of 吕 is written lü, lv, lu and,
in passports, LYU (the Ministry of Public Security's rule for machine-readable lines): all four are given.
"""

from __future__ import annotations

from itertools import islice, product

from pypinyin import Style, lazy_pinyin

# Surname readings that differ from the library's, or that the library may not give for a single character.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "任": "ren", "盖": "ge", "区": "ou",
    "朴": "piao", "翟": "zhai", "尉": "wei", "乐": "yue", "员": "yun", "种": "chong", "秘": "bi",
    "缪": "miao",
    "冼": "xian", "晁": "chao", "逄": "pang", "宓": "mi", "郗": "xi", "郇": "xun", "郏": "jia", "庾": "yu",
    "昝": "zan", "贲": "ben", "宁": "ning", "召": "shao", "覃": "qin", "那": "na", "华": "hua", "葛": "ge",
    "柏": "bai", "车": "che", "重": "chong", "长": "zhang", "折": "she", "洗": "xian", "繁": "po",
    "燕": "yan",
    "应": "ying", "令": "ling", "隽": "juan", "撒": "sa", "褶": "zhe", "黑": "he", "不": "fou", "么": "yao",
    "谌": "chen", "纪": "ji", "万": "wan", "俞": "yu", "曲": "qu", "盛": "sheng", "都": "du", "过": "guo",
    "幸": "xing", "哈": "ha", "祭": "zhai", "阚": "kan", "僪": "yu", "惠": "hui", "适": "kuo", "句": "gou",
    "吕": "lü", "闾": "lü", "律": "lü", "女": "nü",
}  # fmt: skip

# Some surnames are read in two ways by their bearers; both are found.
SECOND_READINGS = {
    "覃": "tan", "翟": "di", "朴": "pu", "盖": "gai", "乐": "le", "纪": "ji", "谌": "shen", "葛": "ge",
    "柏": "bo", "长": "chang", "车": "ju", "宁": "nin", "哈": "ka", "过": "huo", "洗": "xi", "黑": "hei",
}  # fmt: skip

COMPOUND_SURNAMES = {
    "欧阳": ("ou", "yang"), "司马": ("si", "ma"), "上官": ("shang", "guan"), "诸葛": ("zhu", "ge"),
    "尉迟": ("yu", "chi"), "长孙": ("zhang", "sun"), "万俟": ("mo", "qi"), "单于": ("chan", "yu"),
    "澹台": ("tan", "tai"), "皇甫": ("huang", "fu"), "夏侯": ("xia", "hou"), "慕容": ("mu", "rong"),
    "司徒": ("si", "tu"), "令狐": ("ling", "hu"), "公孙": ("gong", "sun"), "轩辕": ("xuan", "yuan"),
    "宇文": ("yu", "wen"), "鲜于": ("xian", "yu"), "呼延": ("hu", "yan"), "东方": ("dong", "fang"),
    "独孤": ("du", "gu"), "南宫": ("nan", "gong"), "闻人": ("wen", "ren"), "赫连": ("he", "lian"),
    "濮阳": ("pu", "yang"), "淳于": ("chun", "yu"), "申屠": ("shen", "tu"), "太史": ("tai", "shi"),
    "端木": ("duan", "mu"), "百里": ("bai", "li"), "呼韩": ("hu", "han"), "钟离": ("zhong", "li"),
}  # fmt: skip

_ORDINARY_NAME_LENGTH = 6  # longer Chinese names are organisations or transliterations: no single syllables
_MOST_FORMS = 12  # two or three doubtful readings multiply; enough for every real name
_LONGEST_TOKEN = 64


def pinyin_tokens(han: str) -> tuple[str, ...]:
    """Search tokens for a run of Chinese characters: syllables, surname, given name, the whole, both
    orders, initials."""
    syllables = _readings(han)
    if not syllables:
        return ()
    tokens: dict[str, None] = {}
    surname_length = 2 if han[:2] in COMPOUND_SURNAMES and len(han) > 2 else 1
    for form in islice(product(*syllables), _MOST_FORMS):
        tokens["".join(form)[:_LONGEST_TOKEN]] = None
        tokens["".join(syllable[0] for syllable in form)[:_LONGEST_TOKEN]] = None
        if 1 < len(form) <= _ORDINARY_NAME_LENGTH:
            surname, given = "".join(form[:surname_length]), "".join(form[surname_length:])
            tokens.update(dict.fromkeys(filter(None, (surname, given, given + surname))))
    if len(han) <= _ORDINARY_NAME_LENGTH:
        tokens.update(dict.fromkeys(syllable for choices in syllables for syllable in choices))
    return tuple(tokens)


def _readings(han: str) -> list[tuple[str, ...]]:
    """For each character its possible readings in plain letters; a character nobody can read is left out."""
    plain = lazy_pinyin(han, style=Style.NORMAL, v_to_u=True, errors="ignore")
    if len(plain) != len(han):  # the library drops what it does not know; keep the rest in step, one by one
        plain = [
            (lazy_pinyin(one, style=Style.NORMAL, v_to_u=True, errors="ignore") or [""])[0] for one in han
        ]
    choices = [[syllable] for syllable in plain]
    for place, reading in enumerate(COMPOUND_SURNAMES.get(han[:2], ())):
        choices[place].insert(0, reading)
    if han[:2] not in COMPOUND_SURNAMES and han:
        choices[0][:0] = [
            reading for reading in (SURNAMES.get(han[0]), SECOND_READINGS.get(han[0])) if reading
        ]
    spelled = [
        tuple(dict.fromkeys(form for one in options for form in _spellings(one))) for options in choices
    ]
    return [options for options in spelled if options]


def _spellings(syllable: str) -> tuple[str, ...]:
    """lü → lv, lu, lyu; every other syllable stands as it is; a syllable with other signs is dropped."""
    if "ü" in syllable:
        return tuple(syllable.replace("ü", letters) for letters in ("v", "u", "yu"))
    return (syllable,) if syllable.isascii() and syllable.isalpha() else ()
