"""Fictional contexts for tests and the gallery."""

from __future__ import annotations

from datetime import UTC, date, datetime

from expertdesk.documents.contexts import Head, Issuer, NotificationLetter, PersonName
from expertdesk.foundation.locale import Bilingual

B = Bilingual
ISSUER = Issuer(
    name=B("江州市外国专家局", "Jiangzhou Municipal Bureau of Foreign Experts"),
    phone=B("0999-8800 1234", "+86 999 8800 1234"),
    hours=B("工作日9:00至17:00", "working days 9:00–17:00"),
    verify_base="https://ed.jiangzhou.example/verify/",
    status_url="https://ed.jiangzhou.example/status",
)


def head(zh: str, en: str, code: str, day: date, draft: bool = False) -> Head:
    at = datetime(day.year, day.month, day.day, 2, 30, tzinfo=UTC)
    return Head(ISSUER, day, B(zh, en), code, issued_at=at, draft=draft)


def notification(draft: bool = False, **changes) -> NotificationLetter:
    values = {
        "head": head("JZ2026-TZ-000213", "JZ2026-TZ-000213", "7KQM4WTR9D2H", date(2026, 11, 23), draft),
        "country": B("越南", "Viet Nam"),
        "name": PersonName("NGUYEN THI HONG ANH", "Nguyễn Thị Hồng Ánh", "vi"),
        "sex": "F",
        "passport_number": "C7402918",
        "category": B("B（外国专业人才）", "B (Professional Talent)"),
        "permit_number": "JZ0020261180457",
        "province": B("东江", "Dongjiang"),
        "city": B("江州", "Jiangzhou"),
        "county": B("云溪", "Yunxi"),
        "employer": B(
            "江州㛃源先进计算与集成电路装备协同创新研究院有限责任公司",
            "Jiangzhou Jieyuan Collaborative Innovation Institute for Advanced Computing and IC Equipment Co., Ltd.",
        ),
        "months": 24,
        "validity_months": 6,
        "residence_days": 30,
        "spouse": PersonName("TRAN VAN DUC", "Trần Văn Đức", "vi"),
        "children": (
            PersonName("TRAN NGUYEN MINH KHOI", "Trần Nguyễn Minh Khôi", "vi"),
            PersonName("TRAN NGUYEN BAO NGOC", "Trần Nguyễn Bảo Ngọc", "vi"),
        ),
    }
    return NotificationLetter(**{**values, **changes})
