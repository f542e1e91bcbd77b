"""Sheets of the units: from files of any usual make to groups of the plan, with every problem named by file, sheet,
cell and reason.

Used by managers (all units) and by training contacts (the own unit). Comes in: bytes of workbooks and CSV files. Goes
out: an ImportReport (nothing written), the same workbook with the bad cells marked, and, once confirmed, groups as
drafts, all of a run or none. gate → reading → columns, heads → rows (values, places) → matching; commands write.
"""

from expertdesk.training.importing.report import (
    CellProblem,
    FileReport,
    ImportReport,
    ReadRow,
    Severity,
    SheetFile,
    SheetReport,
)

__all__ = ["CellProblem", "FileReport", "ImportReport", "ReadRow", "Severity", "SheetFile", "SheetReport"]
