"""The schema of every table: which file it stands in and which fields its rows have beside the common ones.

Common fields of a row: code, name, short, valid_from, valid_to (last day, inclusive), region (CN or the region it is
for), source, confidence (high: two sources agree; medium: one; low: unsure), decision (`ours`: no source decides),
note, demo (fictional).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from expertdesk.regulations import program_shapes, training_import_shapes, training_shapes
from expertdesk.regulations.schema import (
    Amount,
    Both,
    Choice,
    Day,
    Field,
    Flag,
    ListOf,
    MapOf,
    RecordOf,
    Text,
    Whole,
)

NATION = "CN"
CATEGORIES = ("A", "B", "C")
LAYERS = ("statutory", "national", "promised")
STEPS = ("precheck", "correction", "acceptance", "decision", "delivery")
LETTERS = ("R", "C", "D", "W", "O", "-")
STATUSES = ("required", "commitment", "deferred", "waived", "if_applicable", "unused")
CONFIDENCES = ("high", "medium", "low")

COMMON: Mapping[str, Field] = {
    "code": Text(required=True),
    "name": Both(required=True),
    "short": Both(),
    "valid_from": Day(),
    "valid_to": Day(),
    "region": Text(default=NATION),
    "source": ListOf(Text()),
    "confidence": Choice(*CONFIDENCES),
    "decision": Choice("ours"),
    "note": Both(),
    "demo": Flag(),
}

_BAND = RecordOf({"min": Amount(required=True), "max": Amount(), "score": Whole(required=True)})
_OPTION = RecordOf(
    {
        "code": Text(required=True),
        "fact": Text(required=True),
        "name": Both(required=True),
        "score": Whole(required=True),
    }
)
_FORMULA = RecordOf(
    {
        "below_years": Whole(required=True),
        "below_score": Whole(required=True),
        "at_years": Whole(required=True),
        "at_score": Whole(required=True),
        "per_extra_full_year": Whole(required=True),
        "cap": Whole(required=True),
    }
)
_EDGE = RecordOf({"input": Amount(required=True), "score": Whole(required=True)})
_TEST = RecordOf(
    {
        "fact": Choice("age", "education", "experience", "salary", "points", "days", required=True),
        "least": Amount(),
        "most": Amount(),
        "level": Choice("bachelor", "master", "doctorate"),
        "threshold": Choice("A", "B"),
        "waived_by": ListOf(Text()),
        "blocking": Flag(default=True),
    }
)


@dataclass(frozen=True)
class Shape:
    """`single`: at most one row is in force on a day. `plain`: a bare code list, browsed with code and name only."""

    file: str
    fields: Mapping[str, Field]
    single: bool = False


def _plain(file: str, **fields: Field) -> Shape:
    return Shape(file, fields)


SHAPES: Mapping[str, Shape] = {
    "sources": _plain("sources", url=Text(required=True)),
    "laws": _plain("laws", issued=Both(required=True)),
    "articles": _plain("laws", law=Text(required=True), gist=Both(required=True)),
    "points": _plain(
        "points",
        kind=Choice("band", "closed_band", "choice", "any_of", "formula", "manual", required=True),
        max=Whole(required=True),
        unit=Both(),
        unit_size=Amount(),
        bands=ListOf(_BAND),
        options=ListOf(_OPTION),
        formula=_FORMULA,
        least=Whole(),
        default_fact=Text(),
        needed_for_points=Flag(),
        evidence=ListOf(Text()),
        edges=ListOf(_EDGE),
    ),
    "point_lines": _plain("points", total=Whole(required=True), category=Choice(*CATEGORIES), criterion=Text()),
    "point_examples": _plain(
        "points",
        salary_10k=Amount(required=True),
        education=Text(required=True),
        experience_years=Whole(required=True),
        months_per_year=Whole(required=True),
        chinese=Text(required=True),
        location=Text(required=True),
        age=Whole(required=True),
        elite=ListOf(Text()),
        bonus=Whole(required=True),
        total=Whole(required=True),
        category=Choice(*CATEGORIES),
    ),
    "categories": _plain(
        "categories",
        quota=Both(required=True),
        age_most=Whole(),
        age_warn=Whole(),
        age_source=ListOf(Text()),
        privileges=ListOf(Text()),
    ),
    "criteria": _plain(
        "categories",
        category=Choice(*CATEGORIES, required=True),
        parent=Text(),
        detail=Both(),
        tests=ListOf(_TEST),
        evidence=ListOf(Text()),
        computed=Flag(),
    ),
    "relaxations": _plain(
        "categories",
        categories=ListOf(Text(), required=True),
        context=Choice("all", "extension", default="all"),
        age_most=Whole(),
        age_most_special=Whole(),
        usable=Flag(default=True),
    ),
    "base_conditions": _plain(
        "categories",
        side=Choice("employer", "applicant", required=True),
        fact=Choice("age", "passport_months"),
        least=Whole(),
        ground=Text(required=True),
    ),
    "salary_thresholds": _plain(
        "categories",
        base_month_cny=Amount(required=True),
        a_multiple=Whole(required=True),
        a_month_cny=Amount(required=True),
        a_year_cny=Amount(required=True),
        b_multiple=Whole(required=True),
        b_month_cny=Amount(required=True),
        b_year_cny=Amount(required=True),
    ),
    "documents": _plain(
        "documents",
        form=Choice("original", "copy", "scan", "electronic", "any", required=True),
        core=Flag(),
        copies=Whole(),
        issuer=Both(),
        content=ListOf(Both()),
        translation=Flag(),
        legalisation=ListOf(Text()),
        valid_months=Whole(),
        signed_by=Both(),
        sealed_by=Both(),
        committed_unless=ListOf(Text()),
        claimed_by=ListOf(Text()),
        part_of=Text(),
        required_when=ListOf(Text()),
        file_kinds=Choice("papers", "photo", default="papers"),
        alternative=Both(),
    ),
    "legalisations": _plain("documents"),
    "document_rules": _plain("documents"),
    "checklist_letters": _plain("checklists", status=Choice(*STATUSES, required=True), behaviour=Both(required=True)),
    "conditions": _plain("checklists", criteria=ListOf(Text()), hides=Flag()),
    "checklists": _plain(
        "checklists",
        common=MapOf(Choice(*LETTERS), required=True),
        by_category=MapOf(MapOf(Choice(*LETTERS)), keys=CATEGORIES),
        becomes_required=MapOf(ListOf(Text())),
        becomes_waived=MapOf(ListOf(Text())),
    ),
    "deferral": Shape(
        "checklists",
        {
            "categories": ListOf(Text(), required=True),
            "criteria": ListOf(Text()),
            "supply_wd": Whole(required=True),
            "medical_days_after_entry": Whole(required=True),
        },
        single=True,
    ),
    "procedures": _plain(
        "procedures",
        open=Flag(required=True),
        offered=Flag(default=True),
        categories=ListOf(Text()),
        result=Text(),
        also_issues=ListOf(Text()),
        flow=ListOf(Text(), required=True),
        who=Both(),
        preconditions=ListOf(Both()),
        after=ListOf(Both()),
        situations=ListOf(Both()),
        excluded=ListOf(Both()),
        start_rule=Choice("later_of_decision_and_contract", "after_old_end", "planned_entry"),
        age_least=Whole(),
        age_most=Whole(),
        event_deadline_wd=Whole(),
    ),
    "flow_steps": _plain("procedures", actor=Both(required=True)),
    "in_country_grounds": _plain("procedures", use=Text(), categories=ListOf(Text()), needs_reason=Flag()),
    "extension_windows": _plain("procedures", open_days=Whole(required=True), close_days=Whole(required=True)),
    "special_groups": _plain(
        "procedures", permit_needed=Flag(required=True), regions=ListOf(Text()), body=Both(), rule=Both(required=True)
    ),
    "time_limits": _plain(
        "limits",
        procedure=Text(required=True),
        step=Choice(*STEPS, required=True),
        layer=Choice(*LAYERS, required=True),
        wd=MapOf(Whole(), keys=CATEGORIES, required=True),
        extension_wd=Whole(),
        counts_from=Choice("previous", "received", default="previous"),
        law=Text(),
    ),
    "clock_stops": _plain("limits", law=Text(), layer=Choice("both", "promised", default="both")),
    "event_deadlines": _plain("limits", value=Whole(required=True), unit=Text(required=True), law=Text()),
    "counting_rules": _plain("limits"),
    "counting_examples": _plain("limits", start=Day(required=True), wd=Whole(required=True), due=Day(required=True)),
    "category_years": _plain("validity", years=Whole(required=True)),
    "validity": _plain("validity", value=Whole(required=True), unit=Text(required=True)),
    "period_rules": _plain("validity"),
    "period_causes": _plain("validity", date=Both(required=True)),
    "period_examples": _plain(
        "validity",
        procedure=Text(required=True),
        category=Choice(*CATEGORIES, required=True),
        decision_on=Day(),
        contract_start=Day(required=True),
        contract_end=Day(),
        passport_expiry=Day(required=True),
        licence_end=Day(),
        old_end=Day(),
        start=Day(required=True),
        end=Day(required=True),
        cause=Text(required=True),
        months=Whole(required=True),
    ),
    "calendar": _plain(
        "calendar",
        official=Flag(required=True),
        notice=Both(),
        off=ListOf(RecordOf({"first": Day(required=True), "last": Day(required=True), "name": Both(required=True)})),
        work=ListOf(Day()),
        statutory_only=ListOf(RecordOf({"on": Day(required=True), "name": Both(required=True)})),
    ),
    "statutory_holidays": _plain("calendar", days=Whole(required=True), fixed=ListOf(Text())),
    "correction_reasons": _plain("grounds", documents=ListOf(Text()), demand=Both(required=True)),
    "refusal_grounds": _plain("grounds", basis=Text(required=True)),
    "non_acceptance_grounds": _plain("grounds", law=Text(required=True), body=Both()),
    "revocation_grounds": _plain("grounds", law=Text(required=True)),
    "remedies": _plain(
        "grounds", value=Whole(required=True), unit=Text(required=True), law=Text(), counts_from=Both(required=True)
    ),
    "letters": _plain(
        "letters", fields=ListOf(RecordOf({"no": Whole(required=True), "name": Both(required=True)})), built=Flag()
    ),
    "districts": _plain("districts", parent=Text(), standard=Flag(), into=Text(), offered=Flag(default=True)),
    "regions": _plain("districts", divisions=ListOf(Text())),
    "no_permit_regions": _plain("districts", alpha3=Text(required=True), numeric=Text(required=True)),
    "bureau": Shape(
        "bureau",
        {
            "letterhead": Both(required=True),
            "seal": Both(required=True),
            "province": Both(required=True),
            "city": Both(required=True),
            "mark": Both(required=True),
            "phone": Both(required=True),
            "hours": Both(required=True),
            "address": Both(required=True),
            "email": Text(),
            "reconsideration_body": Both(required=True),
            "court": Both(required=True),
            "seal_mm": Whole(required=True),
        },
        single=True,
    ),
    "number_formats": _plain(
        "bureau", pattern=Text(required=True), pattern_en=Text(), is_address=Flag(), per_year=Flag(default=True)
    ),
    "service_settings": _plain("service", value=Whole(required=True), unit=Text(required=True)),
    "upload_rules": _plain(
        "service",
        size_mb=Whole(required=True),
        pixels=Whole(required=True),
        pages=Whole(required=True),
        unpacked_mb=Whole(required=True),
        seconds=Whole(required=True),
        memory_mb=Whole(required=True),
        kinds=ListOf(Text(), required=True),
    ),
    "case_states": _plain(
        "stages",
        step=Text(),
        stage=Text(),
        place=Whole(required=True),
        holder=Both(),
        is_end=Flag(),
        public=Both(required=True),
    ),
    "stages": _plain("stages", place=Whole(required=True), steps=ListOf(Text())),
    "permit_states": _plain("stages", computed=Flag()),
    "letter_states": _plain("stages", computed=Flag()),
    "liaison_levels": _plain("liaison", min_visits=Whole(required=True), leader_contact=Flag()),
    "contact_kinds": _plain("liaison", counts_as_visit=Flag(), is_last=Flag()),
    "liaison_settings": _plain("liaison", value=Whole(required=True), unit=Text(required=True)),
    "privacy_notices": _plain("privacy"),
    "data_register": _plain(
        "privacy",
        purpose=Both(required=True),
        lawful_basis=Both(required=True),
        kept_for=Both(required=True),
        seen_by=Both(required=True),
    ),
    "data_rights": _plain("privacy", how=Both(required=True)),
    "sentences": _plain("sentences"),
    "decisions": _plain("decisions", rule=Both(required=True)),
    "units": _plain("dictionaries"),
    "industries": _plain("dictionaries", divisions=Text()),
    "education": _plain("dictionaries", is_level=Flag(), fact=Text()),
    "degrees": _plain("dictionaries", fact=Text()),
    "passport_kinds": _plain("dictionaries"),
    "visa_kinds": _plain("dictionaries"),
    "residence_permit_kinds": _plain("dictionaries"),
    "identity_kinds": _plain("dictionaries"),
    "occupations": _plain("dictionaries", offered=Flag(default=True)),
    "sexes": _plain("dictionaries", letter=Text(), offered=Flag(default=True)),
    "marital_states": _plain("dictionaries"),
    "family_relations": _plain("dictionaries"),
    "employment_bases": _plain("dictionaries"),
    "employer_kinds": _plain("dictionaries", uscc_prefixes=ListOf(Text())),
    "uscc_prefixes": _plain("dictionaries"),
    "education_facts": _plain("dictionaries", rank=Whole(required=True)),
    "chinese_facts": _plain("dictionaries"),
    "location_facts": _plain("dictionaries"),
    "elite_facts": _plain("dictionaries"),
    "teaching_waivers": _plain("dictionaries", least_hours=Whole()),
    "confidences": _plain("dictionaries"),
    **{name: Shape(training_shapes.FILE, fields) for name, fields in training_shapes.TRAINING_TABLES.items()},
    **{name: Shape(training_shapes.COST_FILE, fields) for name, fields in training_shapes.COST_TABLES.items()},
    **{
        name: Shape(training_import_shapes.FILE, fields)
        for name, fields in training_import_shapes.IMPORT_TABLES.items()
    },
    **{name: Shape(program_shapes.FILE, fields) for name, fields in program_shapes.PROGRAM_TABLES.items()},
    "table_columns": _plain("columns"),
    "words": _plain("columns"),
}

FILES = tuple(sorted({shape.file for shape in SHAPES.values()}))
