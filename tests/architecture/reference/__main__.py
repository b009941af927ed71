"""Writes the tables of `docs/reference/` anew."""

from tests.architecture.reference import pages, renewed

for page in pages():
    page.write_text(renewed(page), "utf-8")
