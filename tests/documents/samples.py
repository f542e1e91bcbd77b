"""Fictional contexts for tests and the gallery."""

from __future__ import annotations

from datetime import UTC, date, datetime

from expertdesk.documents.contexts import (
    AcceptanceNotice,
    CorrectionItem,
    CorrectionNotice,
    GrantDecision,
    Head,
    Issuer,
    NonAcceptanceNotice,
    NotificationLetter,
    Paper,
    PersonName,
    Receipt,
    RefusalDecision,
    Remedies,
)
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


PERSON = PersonName("ŠĶĒLE JĀNIS", "Jānis Šķēle", "lv")
EMPLOYER = B(
    "江州𬭎源航空发动机叶片精密铸造与修复技术有限公司",
    "Jiangzhou Hongyuan Precision Casting and Repair Technology for Aero-Engine Blades Co., Ltd.",
)
MATTER = B(
    "外国人来华工作许可（90日以上，境外申请）", "Work permit, more than 90 days, applied for from abroad"
)
REMEDIES = Remedies(
    B("江州市人民政府", "the Jiangzhou Municipal People’s Government"),
    60,
    B("江州市云溪区人民法院", "the People’s Court of Yunxi District, Jiangzhou"),
    6,
)
PAPERS = (
    ("外国人来华工作许可申请表", "Application form", 2),
    ("聘用合同", "Employment contract", 6),
    ("最高学位证书及认证", "Highest degree certificate, legalised", 5),
    ("工作资历证明", "Certificate of work experience", 3),
    ("无犯罪记录证明及认证", "Certificate of no criminal record, legalised", 4),
    ("体检证明", "Physical examination certificate", 2),
    ("护照信息页、居留许可页", "Passport data page, residence permit page", 3),
    ("6个月内正面免冠照片", "Photograph taken within 6 months", 1),
    ("中文译文", "Chinese translations", 5),
)


def _case(draft: bool, zh: str, en: str, day: date) -> dict:
    return {
        "head": head(zh, en, "9FRB6HYQ3ZVN", day, draft),
        "addressee": EMPLOYER,
        "case_number": "ED2026-010874",
        "name": PERSON,
        "country": B("拉脱维亚", "Latvia"),
        "passport_number": "LV5528107",
        "matter": MATTER,
    }


def acceptance(draft: bool = False, papers: int = 8, **changes) -> AcceptanceNotice:
    values = {
        **_case(draft, "江外专受〔2026〕1187号", "JWZS [2026] No. 1187", date(2026, 11, 16)),
        "name": PersonName("ĐORĐE LJUBIČIĆ", "Ђорђе Љубичић", "sr"),
        "category": B("B（外国专业人才）", "B (Professional Talent)"),
        "applied_on": date(2026, 11, 12),
        "accepted_on": date(2026, 11, 16),
        "promised_by": date(2026, 11, 23),
        "promised_days": 5,
        "legal_by": date(2026, 12, 14),
        "legal_days": 20,
        "legal_extension_days": 10,
        "papers": tuple(Paper(n, B(zh, en), pages) for n, (zh, en, pages) in enumerate(PAPERS[:papers], 1)),
    }
    return AcceptanceNotice(**{**values, **changes})


def refusal(draft: bool = False, **changes) -> RefusalDecision:
    values = {
        **_case(draft, "江外专不许〔2026〕7号", "JWZBX [2026] No. 7", date(2026, 11, 9)),
        "credit_code": "91110108MA00TE5T26",
        "sex": "M",
        "applied_on": date(2026, 10, 26),
        "accepted_on": date(2026, 11, 2),
        "facts": B(
            "申请人拟任叶片精密铸造工艺工程师，2021年6月取得学士学位；取得学位后从事相关工作的时间为2025年2月至2026年3月，"
            "共13个月。你单位承诺的税前年薪为人民币18万元。按照计点积分标准核算，申请人得51分。",
            "The applicant is to be employed as process engineer for precision casting of blades. He took a bachelor’s "
            "degree in June 2021; his related work after the degree lasted from February 2025 to March 2026, 13 months "
            "in all. You undertook to pay CNY 180,000 a year before tax. By the points table the applicant scores 51.",
        ),
        "reasons": B(
            "申请人的相关工作经历不足2年，不符合学士及以上学位人员须有2年以上相关工作经历的条件；计点积分不足60分；"
            "税前年薪低于本地区上年度社会平均工资收入的4倍。申请人也不符合其他类别的条件。",
            "The applicant has less than 2 years of related work experience and so does not meet the condition that a "
            "person with a bachelor’s or higher degree must have 2 years or more; he scores fewer than 60 points; and "
            "his pay before tax is below 4 times the average wage of this region in the previous year. He does not "
            "meet the conditions of any other category.",
        ),
        "legal_basis": B(
            "《中华人民共和国出境入境管理法》第四十一条；《中华人民共和国行政许可法》第三十八条第二款；"
            "《外国人来华工作许可服务指南（暂行）》（外专发〔2017〕36号）。",
            "Article 41 of the Exit and Entry Administration Law; Article 38, paragraph 2 of the Administrative "
            "License Law; Service Guide for Foreigner’s Work Permit in China (Interim), WZF [2017] No. 36.",
        ),
        "remedies": REMEDIES,
    }
    return RefusalDecision(**{**values, **changes})


def non_acceptance(draft: bool = False, **changes) -> NonAcceptanceNotice:
    values = {
        **_case(draft, "江外专不受〔2026〕3号", "JWZBS [2026] No. 3", date(2026, 11, 9)),
        "credit_code": "91110108MA00TE5T26",
        "submitted_on": date(2026, 11, 5),
        "reasons": B(
            "工作地点不在本市，申请事项不属于本局职权范围。",
            "The place of work is not in this city; the matter is not within our competence.",
        ),
        "legal_basis": B(
            "《中华人民共和国行政许可法》第三十二条第一款第二项。",
            "Article 32, paragraph 1, item 2 of the Administrative License Law.",
        ),
        "apply_to": B("东江省外国专家局", "the Dongjiang Provincial Bureau of Foreign Experts"),
        "remedies": REMEDIES,
    }
    return NonAcceptanceNotice(**{**values, **changes})


def grant(draft: bool = False, **changes) -> GrantDecision:
    values = {
        **_case(draft, "江外专许〔2026〕88号", "JWZX [2026] No. 88", date(2026, 11, 23)),
        "credit_code": "91110108MA00TE5T26",
        "sex": "M",
        "applied_on": date(2026, 11, 12),
        "accepted_on": date(2026, 11, 16),
        "category": B("B（外国专业人才）", "B (Professional Talent)"),
        "permit_number": "JZ0020261180457",
        "months": 24,
        "valid_from": date(2026, 12, 1),
        "valid_to": date(2028, 11, 30),
        "legal_basis": B(
            "《中华人民共和国出境入境管理法》第四十一条；《中华人民共和国行政许可法》第三十八条第一款。",
            "Article 41 of the Exit and Entry Administration Law; Article 38, paragraph 1 of the "
            "Administrative License Law.",
        ),
    }
    return GrantDecision(**{**values, **changes})


ITEMS = (
    (
        "无犯罪记录证明",
        "Certificate of no criminal record",
        "签发日期为2026年4月20日，至提交之日已超过6个月。",
        "Issued on 20 April 2026, more than 6 months before submission.",
        "提交2026年5月13日以后签发的证明，并附附加证明书（Apostille）和中文译文。",
        "Supply a certificate issued on or after 13 May 2026, with apostille and Chinese translation.",
        "X06",
    ),
    (
        "聘用合同",
        "Employment contract",
        "第四条“工作内容”空白；第7页薪酬数额有涂改。",
        "Clause 4 “duties” is blank; the pay on page 7 has been altered.",
        "补全第四条，重新打印、签署并加盖公章后提交全文，不得涂改。",
        "Complete clause 4, print, sign and seal again, and submit the whole contract without alteration.",
        "X09",
    ),
    (
        "中文译文",
        "Chinese translations",
        "第1项、第2项材料的译文未加盖用人单位公章。",
        "The translations of items 1 and 2 bear no employer’s seal.",
        "逐件加盖用人单位公章；可以自行翻译。",
        "Seal each translation; you may translate them yourselves.",
        "X03",
    ),
)


def correction(draft: bool = False, items: int = 5, **changes) -> CorrectionNotice:
    rows = [ITEMS[number % len(ITEMS)] for number in range(items)]
    values = {
        **_case(draft, "江外专补〔2026〕402号", "JWZB [2026] No. 402", date(2026, 11, 18)),
        "name": PersonName("ABDULRAHMAN NASSER ALHARBI", "الحربي ناصر", "ar"),
        "country": B("沙特阿拉伯", "Saudi Arabia"),
        "submitted_on": date(2026, 11, 13),
        "items": tuple(CorrectionItem(B(r[0], r[1]), B(r[2], r[3]), B(r[4], r[5]), r[6]) for r in rows),
        "due_on": date(2026, 12, 16),
        "days": 20,
        "contact": B("刘𬭎", "Liu Hong"),
    }
    return CorrectionNotice(**{**values, **changes})


def receipt(**changes) -> Receipt:
    values = {
        "head": Head(ISSUER, date(2026, 11, 23)),
        "case_number": "ED2026-011392",
        "access_code": "K7M4QX2P",
        "employer": EMPLOYER,
        "name": PersonName("ŽEMYNA ŠKĖLĖ-KAUNAITĖ"),
        "matter": B("外国人来华工作许可", "Work permit"),
        "papers": 9,
        "pages": 31,
        "received_at": datetime(2026, 11, 23, 2, 42, tzinfo=UTC),
        "received_by": "王䶮",
        "window": B("云溪区窗口6号", "Yunxi window 6"),
        "precheck_by": date(2026, 11, 26),
    }
    return Receipt(**{**values, **changes})
