"""What leaves the programmes as a sheet or on paper: rows → plain tables for the printers, both languages at once."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from expertdesk.access import Actor
from expertdesk.documents.program_contexts import (
    COUNT,
    MONEY,
    MONTHS,
    PERCENT,
    Cell,
    Column,
    FormPart,
    ProgramForm,
    ProgramTable,
    ProgramTables,
    country,
)
from expertdesk.foundation.database import db
from expertdesk.foundation.locale import Bilingual
from expertdesk.models import Event, ProgramApplication, ProgramCall
from expertdesk.programs import checking
from expertdesk.programs.acting import SUBJECT
from expertdesk.programs.figures import Figures, figures_by_call, together
from expertdesk.programs.plan_page import PlanPage
from expertdesk.programs.policy import visible
from expertdesk.programs.rows import application_columns
from expertdesk.regulations.book import RuleBook
from expertdesk.regulations.current import rules_today

_MOST_ROWS = 5000
_B = Bilingual
_SIGNED = (_B("填表人", "Prepared by"), _B("审核人", "Checked by"), _B("主要负责人（签字）", "Signed by the head"))


def year_tables(year: int, actor: Actor) -> ProgramTables:
    """Calls with their rates, and every application of the year this reader sees."""
    book = rules_today()
    calls = db.session.scalars(select(ProgramCall).where(ProgramCall.year == year).order_by(ProgramCall.id)).all()
    figures = figures_by_call(ProgramCall.year == year)
    whole = together(list(figures.values()))
    found = db.session.execute(
        application_columns()
        .where(visible(actor), ProgramCall.year == year)
        .order_by(ProgramApplication.id)
        .limit(_MOST_ROWS)
    )
    return ProgramTables(
        title=_B(f"{year}年引进外国专家项目", f"Programmes for introducing experts, {year}"),
        issuer=book.bureau.name,
        facts=(
            (_B("申报", "Declared"), whole.declared),
            (_B("批准", "Approved"), whole.approved),
            (_B("批准经费（元）", "Funds approved (CNY)"), whole.funds_approved),
        ),
        tables=(_calls(book, calls, figures), _applications(book, list(found))),
        notes=(_B("金额单位：元；人月按来华天数核算。", "Money in CNY; person-months follow from the days in China."),),
        data_at=_newest(),
        signatures=_SIGNED,
    )


def _newest() -> datetime:
    """When the newest of the data was written; the first moment of all when there is none."""
    kinds = (SUBJECT, "program_call")
    found = db.session.scalar(select(func.max(Event.at)).where(Event.subject_kind.in_(kinds)))
    return found or datetime(2000, 1, 1, tzinfo=UTC)


def _calls(book: RuleBook, calls: Any, figures: dict[int, Figures]) -> ProgramTable:
    columns = (
        Column(_B("通知", "Call"), width=44), Column(_B("类型", "Programme"), width=30),
        Column(_B("申报", "Declared"), COUNT, 14), Column(_B("批准", "Approved"), COUNT, 14),
        Column(_B("批准率", "Approved"), PERCENT, 15), Column(_B("启动率", "Started"), PERCENT, 15),
        Column(_B("完成率", "Finished"), PERCENT, 15), Column(_B("批准经费", "Funds approved"), MONEY, 26),
        Column(_B("支出", "Spent"), MONEY, 24), Column(_B("完成人月", "Person-months done"), MONTHS, 18),
    )  # fmt: skip
    rows = []
    for call in calls:
        one = figures.get(call.id, Figures())
        rows.append(
            (
                _title(call.name, call.name_en), _short(book, call.kind), one.declared, one.approved,
                one.approved_rate, one.started_rate, one.finished_rate, one.funds_approved, one.spent, one.months_done,
            )
        )  # fmt: skip
    return ProgramTable("calls", _B("申报通知", "Calls"), columns, tuple(rows), sums=(2, 3, 7, 8, 9))


def _applications(book: RuleBook, found: list[Any]) -> ProgramTable:
    columns = (
        Column(_B("编号", "Number"), width=23), Column(_B("项目名称", "Project"), width=46),
        Column(_B("申报单位", "Organisation"), width=38), Column(_B("类型", "Programme"), width=24),
        Column(_B("状态", "State"), width=20), Column(_B("专家", "Experts"), COUNT, 13),
        Column(_B("评审均分", "Score"), MONTHS, 15), Column(_B("申请资助", "Asked for"), MONEY, 24),
        Column(_B("批准经费", "Approved"), MONEY, 24), Column(_B("批准人月", "Person-months"), MONTHS, 17),
    )  # fmt: skip
    rows = tuple(
        (
            item.number, _title(item.title, item.title_en), _title(item.name_zh, item.name_en),
            _short(book, item.kind), book.name_of("program_states", str(item.state)), item.experts,
            Decimal(str(item.score)).quantize(Decimal("0.01")) if item.score is not None else None,
            Decimal(item.asked), item.funds_approved, item.months_approved,
        )
        for item in found
    )  # fmt: skip
    return ProgramTable("applications", _B("项目", "Applications"), columns, rows, sums=(5, 7, 8, 9))


def _title(zh: str, en: str) -> Bilingual:
    return Bilingual(zh, en or zh)


def _short(book: RuleBook, kind: str) -> Bilingual:
    found = next((row for row in book.history("program_kinds") if row.code == kind), None)
    return found.short if found is not None else Bilingual(kind, kind)


# --- the introduction plan --------------------------------------------------------------------------------------


def plan_tables(page: PlanPage) -> ProgramTables:
    """The plan beside its fulfilment; a second table by district where figures were handed down."""
    book = rules_today()
    columns = (
        Column(_B("指标", "Indicator"), width=70), Column(_B("单位", "Unit"), width=24),
        Column(_B("计划数", "Target"), COUNT, 24), Column(_B("完成数", "Reached"), MONTHS, 24),
        Column(_B("完成率", "Rate"), PERCENT, 24),
    )  # fmt: skip
    rows = tuple(
        (line.name, line.unit, line.city.target, _whole(line.city.reached), line.city.percent) for line in page.lines
    )
    tables = [ProgramTable("city", _B("全市", "Whole city"), columns, rows)]
    if page.shows_districts and page.districts:
        tables.append(_by_district(page))
    number = page.document_number
    facts: list[tuple[Bilingual, Cell]] = [(_B("文号", "Document"), number)] if number else []
    if page.adopted_on is not None:
        facts.append((_B("批准日期", "Adopted on"), page.adopted_on))
    return ProgramTables(
        title=_B(f"{page.year}年引进外国专家计划", f"Plan for introducing experts, {page.year}"),
        issuer=book.bureau.name,
        facts=tuple(facts),
        tables=tuple(tables),
        notes=(
            _B("完成数由已有的申请、许可和项目计算，不另行填报；同一专家只计一次。",
               "Fulfilment is counted from cases, permits and projects on file; an expert counts once."),
        ),
        data_at=datetime.combine(page.counted_on, time(), UTC),
        signatures=_SIGNED,
    )  # fmt: skip


def _whole(value: Decimal) -> Decimal | int:
    return int(value) if value == value.to_integral_value() else value


def _by_district(page: PlanPage) -> ProgramTable:
    columns = [Column(_B("指标", "Indicator"), width=54)]
    for name in page.districts:
        columns.append(Column(_B(f"{name.zh}计划", f"{name.en}, target"), COUNT, 22))
        columns.append(Column(_B(f"{name.zh}完成", f"{name.en}, reached"), COUNT, 22))
    rows = []
    for line in page.lines:
        if any(figure is not None for figure in line.districts):
            cells: list[Cell] = [line.name]
            for figure in line.districts:
                cells += [figure.target, int(figure.reached)] if figure is not None else [None, None]
            rows.append(tuple(cells))
    return ProgramTable("districts", _B("分区", "By district"), tuple(columns), tuple(rows))


# --- one application on paper -----------------------------------------------------------------------------------


def form_of(application: ProgramApplication) -> ProgramForm:
    """The application as the form that is signed, sealed and given to reviewers without an account; no passport
    numbers and no way to reach an expert stand in it."""
    book, call = checking.book_of(application), application.call
    kind = checking.kind_of(application)
    organisation = application.organisation
    facts: tuple[tuple[Bilingual, Cell], ...] = (
        (_B("项目名称", "Title"), _title(application.title, application.title_en)),
        (_B("项目类型", "Programme"), kind.name),
        (_B("申报通知", "Call"), _title(call.name, call.name_en)),
        (_B("领域", "Field"), _name(book, "program_fields", application.field)),
        (_B("重点产业", "Priority industry"), _name(book, "program_priority_fields", application.priority_field)),
        (_B("密级", "Secrecy"), _name(book, "program_secrecy", application.secrecy)),
        (_B("审批级别", "Level"), _name(book, "program_levels", kind.approving_level)),
        (_B("起始日期", "First day"), application.starts_on),
        (_B("终止日期", "Last day"), application.ends_on),
        (_B("单位排序", "Place in the organisation"), application.unit_rank),
        (_B("申报单位", "Organisation"), _title(organisation.name_zh, organisation.name_en)),
        (_B("统一社会信用代码", "Credit code"), organisation.credit_code),
        (_B("联系人", "Contact"), application.contact_name),
        (_B("联系电话", "Phone"), application.contact_phone),
    )
    texts = (
        (_B("需求说明", "Need of the organisation"), application.need),
        (_B("工作任务", "Tasks"), application.tasks),
        (_B("中方团队", "Chinese team"), application.partners),
        (_B("知识产权", "Intellectual property"), application.ip_terms),
    )
    return ProgramForm(
        title=_B("引进外国专家项目申报书", "Application for a programme for introducing experts"),
        number=application.number,
        issuer=book.bureau.name,
        parts=(
            FormPart(_B("一、项目基本情况", "1. The project"), facts, texts),
            FormPart(_B("二、专家与工作计划", "2. Experts and work plan"), table=_experts(application, book)),
            *_expert_parts(application, book),
            FormPart(_B("三、经费预算（元）", "3. Budget (CNY)"), table=_budget(application, book)),
            FormPart(
                _B("四、目标与绩效指标", "4. Goals and indicators"),
                texts=((_B("预期目标", "Goals"), application.goals),),
                table=_indicators(application, book),
            ),
        ),
        signatures=(_B("单位负责人（签字）", "Head of the organisation"), _B("单位公章、日期", "Seal and date")),
        data_at=_changed_at(application),
    )


def _changed_at(application: ProgramApplication) -> datetime:
    wanted = Event.subject_kind == SUBJECT, Event.subject_id == application.id
    return db.session.scalar(select(func.max(Event.at)).where(*wanted)) or application.created_at


def _name(book: RuleBook, table: str, code: str) -> Bilingual | None:
    return book.name_of(table, code) if code else None


def _experts(application: ProgramApplication, book: RuleBook) -> ProgramTable:
    columns = (
        Column(_B("姓名", "Name"), width=42), Column(_B("国籍", "Nationality"), width=24),
        Column(_B("角色", "Role"), width=24), Column(_B("方式", "Way"), width=24),
        Column(_B("次数", "Visits"), COUNT, 12), Column(_B("每次天数", "Days each"), COUNT, 15),
        Column(_B("申请人月", "Months asked"), MONTHS, 18), Column(_B("计划入境", "Entry"), width=22),
    )  # fmt: skip
    rows = tuple(
        (
            expert.latin_name, country(expert.nationality), book.name_of("program_roles", expert.role),
            book.name_of("program_modes", expert.mode), expert.visits, expert.visit_days, expert.months_requested,
            expert.entry_on,
        )
        for expert in application.experts
    )  # fmt: skip
    return ProgramTable("experts", _B("专家", "Experts"), columns, rows, sums=(6,))


def _expert_parts(application: ProgramApplication, book: RuleBook) -> list[FormPart]:
    parts = []
    for expert in application.experts:
        facts: tuple[tuple[Bilingual, Cell], ...] = (
            (_B("出生年份", "Born in"), str(expert.birth_on.year)),
            (_B("学位", "Degree"), _name(book, "education_facts", expert.degree)),
            (_B("现工作单位", "Employer"), expert.employer),
            (_B("职务", "Post"), expert.post),
        )
        texts = tuple(
            (label, text)
            for label, text in (
                (_B("工作任务", "Tasks"), expert.tasks),
                (_B("以往来华工作", "Earlier work in China"), expert.record),
                (_B("以往承担的中国项目", "Earlier Chinese grants"), expert.grants),
                (_B("奖励和代表作", "Prizes and representative works"), expert.works),
            )
            if text
        )
        parts.append(FormPart(Bilingual(expert.latin_name, expert.latin_name), facts, texts))
    return parts


def _budget(application: ProgramApplication, book: RuleBook) -> ProgramTable:
    columns = (
        Column(_B("科目", "Item"), width=46), Column(_B("申请资助", "Asked for"), MONEY, 28),
        Column(_B("单位自筹", "Own funds"), MONEY, 28), Column(_B("批准", "Approved"), MONEY, 28),
        Column(_B("测算依据", "How worked out"), width=50),
    )  # fmt: skip
    order = [row.code for row in book.rows("program_items")]
    lines = sorted(application.budget, key=lambda line: order.index(line.item) if line.item in order else len(order))
    rows = tuple(
        (book.name_of("program_items", line.item), line.subsidy, line.own, line.approved, line.basis) for line in lines
    )
    return ProgramTable("budget", _B("预算", "Budget"), columns, rows, sums=(1, 2, 3))


def _indicators(application: ProgramApplication, book: RuleBook) -> ProgramTable:
    columns = (
        Column(_B("指标", "Indicator"), width=80), Column(_B("目标", "Target"), COUNT, 30),
        Column(_B("单位", "Unit"), width=40),
    )  # fmt: skip
    rows = tuple(
        (row.name, application.indicators[row.code], row.unit_name)
        for row in book.rows("program_indicators")
        if row.code in application.indicators
    )
    return ProgramTable("indicators", _B("绩效指标", "Indicators"), columns, rows)


