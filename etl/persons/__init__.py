"""Find person data in files, by header and by content, so that such files are refused."""

from etl.persons.findings import Findings, PersonDataError
from etl.persons.scanning import find_headers, scan_columns, scan_values

__all__ = ["Findings", "PersonDataError", "find_headers", "scan_columns", "scan_values"]
