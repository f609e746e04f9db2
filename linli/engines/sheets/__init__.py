"""Tables for spreadsheets (表格): XLSX and CSV of lists of any length, in which nothing a resident typed is ever run.

Rows are taken one at a time, so a list of a million costs no more memory than one of ten.
"""

from linli.engines.sheets.writing import CSV, XLSX, Cell, Column, Sheet, as_csv, harmless, write

__all__ = ["CSV", "XLSX", "Cell", "Column", "Sheet", "as_csv", "harmless", "write"]
