"""Fictional plans for tests, pictures and the benchmark: the eight groups of the specimen, repeated as asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from expertdesk.documents.plan_contexts import (
    Cell,
    PlanColumn,
    PlanTable,
    ReviewForm,
    ReviewSide,
    RosterPerson,
    RosterTable,
    SummaryTable,
    TermRange,
    UnitTemplate,
    digest_of,
)
from expertdesk.documents.plan_text import quota_note
from expertdesk.foundation.locale import Bilingual

B = Bilingual
BUREAU = B("江州市外国专家局", "Jiangzhou Municipal Bureau of Foreign Experts")
DATA_AT = datetime(2027, 7, 8, 8, 30, tzinfo=UTC)
BANDS = (
    ("identity", B("项目", "Project")),
    ("training", B("培训", "Training")),
    ("size", B("规模", "Size")),
    ("money", B("经费（元）", "Cost (CNY)")),
    ("decision", B("审核批准", "Review and approval")),
    ("execution", B("执行", "Execution")),
    ("remarks", B("备注", "Remarks")),
)
COLUMNS = tuple(
    PlanColumn(number, key, B(zh, en), band, kind)
    for number, (key, zh, en, band, kind) in enumerate(
        [
            ("seq", "序号", "No.", "identity", "whole"),
            ("project_no", "项目编号", "Project no.", "identity", "text"),
            ("project_name", "项目名称", "Project name", "identity", "text"),
            ("organising_unit", "组团单位", "Organising unit", "identity", "text"),
            ("dispatching_unit", "派员单位", "Dispatching unit(s)", "identity", "list"),
            ("key_field", "重点领域", "Key field", "identity", "choice"),
            ("approval_type", "项目类别", "Approval type", "identity", "choice"),
            ("term", "期限", "Term", "training", "choice"),
            ("destination", "培训国家（地区）", "Destination", "training", "country"),
            ("cities", "培训城市", "Cities", "training", "list"),
            ("host_institution", "境外培训机构", "Host institution", "training", "text"),
            ("people_planned", "计划人数", "People planned", "size", "whole"),
            ("leaders_planned", "其中党政领导干部", "of which leading officials", "size", "whole"),
            ("days", "境外天数", "Days abroad", "size", "whole"),
            ("depart_month", "拟派出月份", "Departure month", "size", "month"),
            ("funding_source", "经费来源", "Funding source", "money", "choices"),
            ("budget_total_cny", "经费预算合计（元）", "Budget total (CNY)", "money", "money"),
            ("budget_training", "其中培训费", "Training fee", "money", "money"),
            ("budget_travel", "国际旅费", "International travel", "money", "money"),
            ("budget_lodging", "住宿费", "Accommodation", "money", "money"),
            ("budget_meals", "伙食费", "Meals", "money", "money"),
            ("budget_incidentals", "公杂费", "Incidentals", "money", "money"),
            ("budget_other", "其他费用（含城市间交通费）", "Other incl. inter-city", "money", "money"),
            ("subsidy_requested", "申请资助金额", "Subsidy requested", "money", "money"),
            ("subsidy_approved", "批准资助金额", "Subsidy approved", "decision", "money"),
            ("people_approved", "批准人数", "People approved", "decision", "whole"),
            ("review_opinion", "审核意见", "Review opinion", "decision", "choice"),
            ("approval_no", "立项批准文号", "Approval no.", "decision", "text"),
            ("people_actual", "实际派出人数", "People sent", "execution", "whole"),
            ("execution_state", "执行情况", "Execution", "execution", "choice"),
            ("remarks", "备注", "Remarks", "remarks", "text"),
        ],
        1,
    )
)
KEYS = tuple(column.key for column in COLUMNS)
SHORT, MEDIUM, LONG = B("短期", "Short"), B("中期", "Medium"), B("长期", "Long")
REVIEW, FILE = B("审核", "Review"), B("备案", "File for the record")
FIELDS = {
    "industry": B("产业技术创新", "Industrial technology innovation"),
    "strategy": B("战略科技发展", "Strategic S&T development"),
    "society": B("社会与生态建设", "Social and ecological construction"),
    "farming": B("农业与乡村振兴", "Agriculture and rural revitalisation"),
    "office": B("公共管理", "Public administration"),
}
FUNDS = {
    "city": B("市级财政", "Municipal budget"),
    "city_unit": B("市级财政、单位自筹", "Municipal budget, Unit's own funds"),
    "central": B("中央引智专项资助、单位自筹", "Central special fund for foreign expertise, Unit's own funds"),
    "mixed": B("多渠道", "Several sources"),
    "research": B("科研项目经费", "Research project funds"),
}
YES, LESS = B("推荐", "Recommend"), B("核减推荐", "Recommend, reduced")
CLOSED, DUE, OUT = B("已结项", "Closed"), B("待报总结", "Report due"), B("在外执行", "Abroad")
REFUSED, APPROVED, PUBLIC = B("未批准", "Not approved"), B("已批复", "Approved"), B("已公示", "Publicised")
THIRD, FOURTH = "江外培〔2027〕3号", "江外培〔2027〕4号"
_ROWS = [
    [B("先进航空发动机叶片单晶铸造与再制造工艺",
       "Single-crystal casting and remanufacturing of advanced aero-engine blades"),
     B("江州市工业和信息化局", "Jiangzhou Bureau of Industry and Information Technology"),
     B("江州𬭎源航空发动机叶片精密铸造有限公司等6家",
       "Jiangzhou Hongyuan Aero-Engine Blade Precision Casting Co., Ltd. and 5 others"),
     "industry", REVIEW, SHORT, B("德国", "Germany"), B("慕尼黑、亚琛", "Munich, Aachen"),
     B("亚琛工业大学继续教育学院", "RWTH Aachen International Academy"), 22, 2, 21, 5, "city_unit",
     396000, 286000, 231000, 92400, 60060, 23100, 420000, 380000, 20, LESS, THIRD, 20, CLOSED, None],
    [B("海上风电柔性直流并网与智能运维", "Flexible DC grid connection and smart operation of offshore wind power"),
     B("江州市发展和改革委员会", "Jiangzhou Development and Reform Commission"),
     B("江州䶮海远洋装备研究中心", "Jiangzhou Yanhai Ocean Equipment Research Centre"),
     "strategy", REVIEW, SHORT, B("丹麦", "Denmark"), B("哥本哈根、埃斯比约", "Copenhagen, Esbjerg"),
     B("丹麦技术大学风能系", "DTU Wind and Energy Systems"), 18, 1, 14, 6, "city",
     238000, 216000, 176400, 68040, 44100, 19800, 260000, 260000, 18, YES, THIRD, 18, DUE, None],
    [B("城市内涝治理与海绵城市精细化管理", "Urban flood control and fine management of the sponge city"),
     B("江州市水务局", "Jiangzhou Water Authority"),
     B("市水务局及各区水务部门", "Water authorities of city and districts"),
     "society", REVIEW, SHORT, B("荷兰", "Netherlands"), B("代尔夫特", "Delft"),
     B("代尔夫特水利教育学院", "IHE Delft Institute for Water Education"), 16, 4, 12, 9, "city",
     182400, 184000, 129600, 53760, 34560, 14400, 180000, None, None, B("缓报", "Defer"), "", None, REFUSED,
     B("领导干部4人另附报批表", "4 leading officials: separate approval forms attached")],
    [B("设施农业水肥一体化与种业数字化", "Integrated irrigation and fertilising in greenhouses, digital seed industry"),
     B("江州市农业农村局", "Jiangzhou Bureau of Agriculture and Rural Affairs"),
     B("江州市农业科学院、㛃川区农技中心",
       "Jiangzhou Academy of Agricultural Sciences, Jiechuan Farm Technology Centre"),
     "farming", REVIEW, MEDIUM, B("以色列", "Israel"), B("雷霍沃特", "Rehovot"),
     B("希伯来大学农学院", "Hebrew University, Faculty of Agriculture"), 12, 0, 96, 3, "central",
     748800, 132000, 691200, 276480, 138240, 21600, 900000, 600000, 10, LESS, THIRD, 10, DUE, B("中期", "Medium term")],
    [B("重大传染病早期预警与实验室质量管理", "Early warning of major infectious diseases and laboratory quality"),
     B("江州市卫生健康委员会", "Jiangzhou Health Commission"),
     B("市疾控中心、市第一人民医院", "City Centre for Disease Control, First People's Hospital"),
     "society", REVIEW, SHORT, B("新加坡", "Singapore"), B("新加坡", "Singapore"),
     B("新加坡国立大学苏瑞福公共卫生学院", "NUS Saw Swee Hock School of Public Health"), 20, 1, 14, 10, "mixed",
     252000, 98000, 266000, 75600, 50400, 18000, 240000, None, None, B("合并", "Merge"), "", None, REFUSED, None],
    [B("集成电路先进封装与可靠性", "Advanced packaging and reliability of integrated circuits"),
     B("江州市科学技术局", "Jiangzhou Science and Technology Bureau"),
     B("江州㛃源先进计算创新研究院", "Jiangzhou Jieyuan Institute of Advanced Computing"),
     "industry", FILE, LONG, B("日本", "Japan"), B("东京、筑波", "Tokyo, Tsukuba"),
     B("产业技术综合研究所",
       "National Institute of Advanced Industrial Science and Technology"), 8, 0, 185, 4, "research",
     1243200, 56000, 1110000, 414400, 222000, 32000, 0, 0, 8, YES, FOURTH, 8, OUT, B("长期", "Long term")],
    [B("城市更新中的历史街区保护与活化利用", "Keeping and using historic quarters in urban renewal"),
     B("江州市住房和城乡建设局", "Jiangzhou Bureau of Housing and Urban-Rural Development"),
     B("市规划设计研究院等4家", "City Planning and Design Institute and 3 others"),
     "society", REVIEW, SHORT, B("意大利", "Italy"), B("罗马、博洛尼亚、都灵", "Rome, Bologna, Turin"),
     B("博洛尼亚大学建筑系", "University of Bologna, Department of Architecture"), 18, 3, 16, 9, "city",
     264000, 207000, 198000, 72576, 46656, 21600, 230000, 230000, 16, LESS, THIRD, None, APPROVED, None],
    [B("职业教育双元制师资能力提升", "Teachers for dual vocational education"),
     B("江州市教育局", "Jiangzhou Education Bureau"),
     B("江州职业技术学院等9所", "Jiangzhou Vocational College and 8 others"),
     "office", REVIEW, SHORT, B("德国", "Germany"), B("柏林", "Berlin"),
     B("德国联邦职业教育研究所", "Federal Institute for Vocational Education and Training"), 25, 0, 21, 7, "city_unit",
     412500, 325000, 288750, 110250, 68250, 25000, 400000, 400000, 25, YES, THIRD, None, PUBLIC, None],
]  # fmt: skip


def row(number: int) -> dict[str, Cell]:
    """The nth group (from 1); from the ninth on the names carry their number, so that hardly a row is like another."""
    line = _ROWS[(number - 1) % len(_ROWS)]
    name, unit, sender, field, kind, term, country, cities, school = line[:9]
    people, leaders, days, month, funds = line[9:14]
    shift = (number - 1) // len(_ROWS)
    costs = [Decimal(amount + shift * 100) for amount in line[14:20]]
    if shift:
        name = B(f"{name.zh}（第{number}期）", f"{name.en} (course {number})")
        sender = B(f"{sender.zh}{number}", f"{sender.en} {number}")
    asked, given, approved, opinion, paper, sent, state, remarks = line[20:28]
    values = [
        number, f"2027-JZ-{number:04d}", name, unit, sender, FIELDS[field], kind, term, country, cities, school,
        people, leaders, days, month, FUNDS[funds], sum(costs), *costs, Decimal(asked),
        None if given is None else Decimal(given), approved, opinion, paper, sent, state, remarks,
    ]  # fmt: skip
    return dict(zip(KEYS, values, strict=True))


def plan(count: int = 8, *, rows: tuple[Mapping[str, Cell], ...] | None = None, **changes) -> PlanTable:
    lines = rows if rows is not None else tuple(row(number) for number in range(1, count + 1))
    values = {
        "year": 2027,
        "part": B("出国", "Abroad"),
        "part_code": "abroad",
        "round": B("批复", "Approval list"),
        "compiled_by": BUREAU,
        "quota": 160,
        "mid_long_min": 20,
        "columns": COLUMNS,
        "bands": BANDS,
        "rows": lines,
        "notes": (quota_note(date(2027, 7, 8), planned=139, quota=160, mid_long=20, approved=97, sent=56),),
        "data_at": DATA_AT,
        "digest": digest_of(lines, KEYS, 2027, "abroad"),
        "is_draft": True,
        "verification": ("2WCN7TGK4BXS", "https://ed.jiangzhou.example/verify/2WCN7TGK4BXS"),
        "summaries": (by_country(lines),),
    }
    return PlanTable(**{**values, **changes})


def by_country(rows: tuple[Mapping[str, Cell], ...]) -> SummaryTable:
    found: dict[Bilingual, list] = {}
    for line in rows:
        found.setdefault(line["destination"], []).append(line)  # type: ignore[arg-type]

    def figures(lines) -> tuple[Cell, ...]:
        return (
            len(lines),
            sum(line["people_planned"] or 0 for line in lines),
            sum((line["budget_total_cny"] or Decimal(0) for line in lines), Decimal(0)),
        )

    body = tuple((country, *figures(lines), Decimal("86.9")) for country, lines in found.items())
    return SummaryTable(
        "country",
        B("按国别汇总", "By country"),
        (
            (B("国家（地区）", "Country or region"), "text"),
            (B("项目数", "Groups"), "whole"),
            (B("计划人数", "People planned"), "whole"),
            (B("经费预算（元）", "Budget (CNY)"), "money"),
            (B("人数执行率", "Execution rate"), "percent"),
        ),
        body,
        (B("合计", "Total"), *figures(rows), Decimal("86.9")),
    )


def template(**changes) -> UnitTemplate:
    choices = {
        "key_field": tuple(FIELDS.items()),
        "approval_type": (("approve", B("审批", "Approve")), ("review", REVIEW), ("file", FILE)),
        "term": (("short", SHORT), ("mid", MEDIUM), ("long", LONG)),
        "destination": (("DE", B("德国", "Germany")), ("JP", B("日本", "Japan")), ("GB", B("英国", "United Kingdom"))),
        "funding_source": (("municipal", FUNDS["city"]), ("unit", B("单位自筹", "Unit's own funds"))),
    }
    values = {
        "year": 2027,
        "part": B("出国", "Abroad"),
        "part_code": "abroad",
        "unit": B("江州市教育局", "Jiangzhou Education Bureau"),
        "credit_code": "11990000000000000X",
        "control_number": 40,
        "columns": COLUMNS[:24] + COLUMNS[30:],
        "choices": choices,
        "bands": BANDS,
        "terms": (
            TermRange("short", SHORT, None, 89),
            TermRange("mid", MEDIUM, 90, 180),
            TermRange("long", LONG, 181, None),
        ),
        "required": frozenset(KEYS[:24]) - {"dispatching_unit", "project_no"},
        "compiled_on": date(2026, 11, 25),
        "issued_by": BUREAU,
        "return_by": date(2026, 12, 31),
    }
    return UnitTemplate(**{**values, **changes})


def review_form(**changes) -> ReviewForm:
    amounts = {
        "total": Decimal("1229750"), "training_fee": Decimal("412500"), "travel": Decimal("325000"),
        "lodging": Decimal("288750"), "meals": Decimal("110250"), "incidentals": Decimal("68250"),
        "other_costs": Decimal("25000"),
    }  # fmt: skip
    values = {
        "project_no": "2027-JZ-0008",
        "group": _ROWS[7][0],
        "organising_unit": _ROWS[7][1],
        "leader": B("刘𬭎（正处级）", "Liu Hong (division head)"),
        "members": 25,
        "countries": B("德国（经停芬兰）", "Germany (transit in Finland)"),
        "first_day": date(2027, 7, 4),
        "last_day": date(2027, 7, 24),
        "days": 21,
        "task": ReviewSide(
            B("江州市外事办公室", "Jiangzhou Foreign Affairs Office"), date(2027, 5, 12),
            B("财行〔2013〕516号，2027年度培训计划", "CaiXing [2013] No. 516; training plan of 2027"),
            {"in_plan": True, "purpose": B("学习双元制师资培养，解决实训课程开发能力不足的问题。",
             "To learn how teachers for dual education are trained and close the gap in developing practical courses."),
             "time_and_country": True, "route": True, "group_size": True},
            None, B("同意组团。", "The group is agreed to."), True,
        ),
        "finance": ReviewSide(
            B("江州市教育局计财处", "Finance Division, Jiangzhou Education Bureau"), date(2027, 5, 14),
            B("财行〔2014〕4号", "CaiXing [2014] No. 4"),
            {"in_budget": True, "prior_approval": B("无", "None")}, amounts, "", None,
        ),
        "data_at": DATA_AT,
        "digest": "3f9a41c7" * 8,
        "is_draft": True,
    }  # fmt: skip
    return ReviewForm(**{**values, **changes})


def roster(count: int = 25, **changes) -> RosterTable:
    names = ("刘𬭎", "王䶮", "欧阳㛃", "陈晓", "阿卜杜热依木·买买提", "Nguyễn Thị Ánh")
    people = tuple(
        RosterPerson(
            names[number % len(names)], "MF"[number % 2], date(1980 + number % 15, 1 + number % 12, 9),
            B("江州职业技术学院", "Jiangzhou Vocational College"), B("副教授", "Associate professor"),
            B("高级", "Senior"), B("中共党员", "CPC member"), B("英语六级", "CET-6"), f"PE{number:07d}", number == 0,
            date(2019, 5, 1) if number % 3 else None, B("良好", "Good"), "=1+1" if number == 1 else "",
        )
        for number in range(count)
    )  # fmt: skip
    values = {
        "year": 2027, "project_no": "2027-JZ-0008", "group": _ROWS[7][0], "organising_unit": _ROWS[7][1],
        "destination": B("德国", "Germany"), "people": people, "data_at": DATA_AT, "digest": "3f9a41c7" * 8,
    }  # fmt: skip
    return RosterTable(**{**values, **changes})
