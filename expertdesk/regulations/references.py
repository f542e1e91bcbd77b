"""Which field of which table names codes of another table, and which codes the program itself asks for.

Used by the linter (an unknown code stops the start) and by everything that shows a code as a name.
"""

from __future__ import annotations

from collections.abc import Mapping

from expertdesk.regulations.program_shapes import PROGRAM_NEEDED, PROGRAM_REFERENCES
from expertdesk.regulations.training_shapes import TRAINING_NEEDED, TRAINING_REFERENCES

# (table, field) → tables in which its codes must be found; "" stands for the field in any table
REFERENCES: Mapping[tuple[str, str], tuple[str, ...]] = {
    **PROGRAM_REFERENCES,
    **TRAINING_REFERENCES,
    ("", "source"): ("sources", "laws", "articles"),
    ("", "region"): ("regions",),
    ("", "evidence"): ("documents",),
    ("", "part_of"): ("documents",),
    ("", "age_source"): ("sources", "laws"),
    ("", "law"): ("articles", "laws"),
    ("", "basis"): ("articles", "laws"),
    ("", "waived_by"): ("teaching_waivers",),
    ("point_lines", "category"): ("categories",),
    ("point_lines", "criterion"): ("criteria",),
    ("point_examples", "category"): ("categories",),
    ("point_examples", "education"): ("education_facts",),
    ("point_examples", "chinese"): ("chinese_facts",),
    ("point_examples", "location"): ("location_facts",),
    ("point_examples", "elite"): ("elite_facts",),
    ("criteria", "parent"): ("criteria",),
    ("criteria", "category"): ("categories",),
    ("relaxations", "categories"): ("categories",),
    ("base_conditions", "ground"): ("refusal_grounds",),
    ("documents", "legalisation"): ("legalisations",),
    ("documents", "required_when"): ("conditions",),
    ("documents", "committed_unless"): ("criteria",),
    ("documents", "claimed_by"): ("points",),
    ("conditions", "criteria"): ("criteria",),
    ("deferral", "criteria"): ("criteria",),
    ("deferral", "categories"): ("categories",),
    ("procedures", "categories"): ("categories",),
    ("procedures", "result"): ("letters",),
    ("procedures", "also_issues"): ("letters",),
    ("procedures", "flow"): ("flow_steps",),
    ("in_country_grounds", "use"): ("procedures",),
    ("in_country_grounds", "categories"): ("categories",),
    ("special_groups", "regions"): ("no_permit_regions",),
    ("event_deadlines", "unit"): ("units",),
    ("validity", "unit"): ("units",),
    ("remedies", "unit"): ("units",),
    ("service_settings", "unit"): ("units",),
    ("liaison_settings", "unit"): ("units",),
    ("category_years", "code"): ("categories",),
    ("checklists", "code"): ("procedures",),
    ("extension_windows", "code"): ("procedures",),
    ("period_examples", "procedure"): ("procedures",),
    ("period_examples", "category"): ("categories",),
    ("period_examples", "cause"): ("period_causes",),
    ("correction_reasons", "documents"): ("documents",),
    ("case_states", "stage"): ("stages",),
    ("districts", "into"): ("districts",),
    ("employer_kinds", "uscc_prefixes"): ("uscc_prefixes",),
    ("education", "fact"): ("education_facts",),
    ("degrees", "fact"): ("education_facts",),
}

# for showing only: codes that are checked elsewhere, and the keys of maps
NAMES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("", "confidence"): ("confidences",),
    ("time_limits", "procedure"): ("procedures",),
    ("checklists", "common"): ("documents",),
    ("checklists", "by_category"): ("categories", "documents"),
    ("checklists", "becomes_required"): ("documents", "conditions"),
    ("checklists", "becomes_waived"): ("documents", "conditions"),
    ("time_limits", "wd"): ("categories",),
}

_SENTENCES = """
    AGE_ABOVE_LIMIT AGE_AT_LIMIT AGE_OK AGE_OVER AGE_UNKNOWN BAND BAND_BELOW BAND_FROM BASE_OK BONUS_GIVEN BONUS_NONE
    BONUS_RANGE BUDGET_AMOUNT_NEGATIVE BUDGET_DOCUMENT_WANTED BUDGET_EXCHANGE_FORM BUDGET_EXCHANGE_MISSING
    BUDGET_FARES_FEW BUDGET_FARES_MANY BUDGET_LODGING_AT_COST BUDGET_NOT_ENTERED BUDGET_PEOPLE_LEAST CLAIMED
    COST_CITIES_APART COST_CITY_EMPTY COST_CITY_OTHER COST_COUNTRY_NOT_LISTED COST_COUNTRY_UNKNOWN COST_DAYS_LEAST
    COST_EDITION_EMPTY COST_HOST_MOST COST_HOST_ORDER COST_LONG_STAY COST_MISSING COST_NEGATIVE COST_NIGHTS_MOST
    COST_NOT_COMPUTABLE COST_NO_EDITION COST_REFERENCE COST_REFERENCE_NEEDLESS COST_SOURCE COST_TRAINING_MOST
    COST_TRAIN_DAYS COST_TRAIN_HOURS COST_TRAIN_PLACE COST_TRAIN_SHORT DAYS_OK
    DAYS_OVER DEGREE_LOW DEGREE_OK DIFF_ADDED DIFF_CHANGED DIFF_REMOVED DISTANCE FULL_YEARS GAP_DEGREE GAP_YEARS
    HOURS_SHORT ITEM_MET LIST_BECAUSE LIST_COMMITMENT LIST_CRITERION LIST_DEFERRED LIST_DEFERRED_OTHER LIST_FACTOR
    LIST_GOES_WITH LIST_IF LIST_IF_ANY LIST_MEDICAL_HERE LIST_REQUIRED LIST_WAIVED LIST_WAIVED_BECAUSE NOTE_CONTENT
    NOTE_LEGALISATION NOTE_MONTHS NOTE_PASSPORT NOTE_SEAL NOTE_SIGN NOTE_TRANSLATION NOTHING NOT_CLAIMED
    NOT_IN_EDITION NOT_IN_REGION NOT_STATED NO_BAND NO_FIGURE NO_PERMIT_NEEDED NO_POINTS_TABLE NO_SALARY_ROW
    PAPER_FUTURE PAPER_NO_LIMIT PAPER_OK PAPER_OLD PASSPORT_OK PASSPORT_SHORT PERIOD_DAYS PERIOD_IMPOSSIBLE
    PERIOD_MISSING PERIOD_OK POINTS_LOW POINTS_OK POINTS_OPEN PROVISIONAL SALARY_LOW SALARY_OK SALARY_YEAR_LOW
    SUMMARY_BLOCKED SUMMARY_MET SUMMARY_NONE SUMMARY_NO_RULES THRESHOLD_OLD TO_CHECK UNDER_AGE UNIT_YEAR_SALARY
    UNKNOWN_CODE WINDOW_EARLY WINDOW_LATE WINDOW_OPEN YEARS_OK YEARS_SHORT YEARS_WAIVED
"""

# table → codes the program asks for by name; a table that a bureau replaces must keep them
NEEDED: Mapping[str, tuple[str, ...]] = {
    **PROGRAM_NEEDED,
    **TRAINING_NEEDED,
    "sentences": tuple(_SENTENCES.split()),
    "points": ("SALARY", "EDUCATION", "EXPERIENCE", "ANNUAL_MONTHS", "CHINESE", "LOCATION", "AGE", "ELITE", "BONUS"),
    "conditions": (
        "FAMILY_ENTERED",
        "SALARY_PROMISED",
        "OLD_SALARY_PROMISE",
        "OLD_6X_BEIJING",
        "PREAPPROVAL_NEEDED",
        "COMMERCIAL_PERFORMANCE",
        "HSK_CLAIMED",
        "VOCATIONAL_CLAIMED",
        "TITLE_CHANGED",
        "PASSPORT_CHANGED",
        "UPGRADE",
        "NEVER_FILED",
        "GRADUATE",
        "OVER_AGE_SHENZHEN",
    ),
    "categories": ("A", "B", "C"),
    "category_years": ("A", "B", "C"),
    "base_conditions": ("APP_AGE18", "APP_PASSPORT"),
    "deferral": ("DEFERRAL",),
    "extension_windows": ("EXTENSION",),
    "non_acceptance_grounds": ("NA1", "NA2", "NA3"),
    "validity": ("NOTIFICATION_LETTER", "SHORT_TERM", "GRADUATE_FIRST", "GRADUATE_LATER", "LETTER_MONTHS_LEAST"),
    "service_settings": ("CORRECTION_WD", "CORRECTION_EXTENSION_WD", "CORRECTION_EXTENSIONS", "THRESHOLD_OLD_MONTHS"),
    "upload_rules": ("papers", "photo"),
    "case_states": (
        "draft",
        "submitted",
        "in_correction",
        "accepted",
        "recommended",
        "granted",
        "refused",
        "delivered",
        "closed",
        "not_accepted",
        "returned",
        "withdrawn",
    ),
    "number_formats": (
        "CASE",
        "PERMIT",
        "RECEIPT",
        "ACCEPTANCE_NOTICE",
        "CORRECTION_NOTICE",
        "NON_ACCEPTANCE_NOTICE",
        "NOTIFICATION_LETTER",
        "GRANT_DECISION",
        "REFUSAL_DECISION",
    ),
    "confidences": ("high", "medium", "low"),
    "education_facts": ("doctorate", "master", "bachelor", "none"),
    "regions": ("CN",),
}
