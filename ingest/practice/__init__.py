"""What a document says of the practice it tells: one record of fields, each with its evidence."""

from ingest.practice.dates import is_date, is_year, written_dates
from ingest.practice.record import Facts, read_facts

__all__ = ["Facts", "is_date", "is_year", "read_facts", "written_dates"]
