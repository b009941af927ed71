"""A roster as a workbook, to be printed or filled in on a computer: the same columns as on paper (`paper`)."""

from __future__ import annotations

from models.files.paper import Paper
from models.files.sheets import workbook

_WIDTHS = (6, 16, 14, 8)
_BOX, _MEASURED = 6, (12, 9, 20)
_ROW = 26
"""Height of a row in points: big enough to write by hand."""
_A4 = 9


def sheet(paper: Paper) -> bytes:
    """Return the roster as .xlsx: numbers are numbers, and no name ever becomes a formula."""
    heads = (*paper.heads, *paper.ends, *paper.measured)
    with workbook() as (content, book):
        page = book.add_worksheet()
        title = book.add_format({"bold": True, "font_size": 16})
        head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#E8E8E8"})
        cell = book.add_format({"border": 1, "align": "center", "valign": "vcenter", "num_format": "@"})
        number = book.add_format({"border": 1, "align": "center", "valign": "vcenter", "num_format": "0"})
        page.write_string(0, 0, f"{paper.title} · {paper.day}", title)
        for row, line in enumerate(paper.note, 1):
            page.write_string(row, 0, line)
        first = len(paper.note) + 1
        for column, name in enumerate(heads):
            page.write_string(first, column, name, head)
        for row, person in enumerate(paper.lines, first + 1):
            page.set_row(row, _ROW)
            page.write_number(row, 0, person.number, number)
            for column, words in enumerate((person.name, person.group, person.born), 1):
                page.write_string(row, column, words, cell)
            for column in range(4, len(heads)):
                page.write_blank(row, column, None, cell)
        for column, width in enumerate((*_WIDTHS, *[_BOX] * len(paper.ends), *_MEASURED)):
            page.set_column(column, column, width)
        page.freeze_panes(first + 1, 2)
        page.set_paper(_A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(first)
        page.set_footer("&C&P / &N")
    return content.getvalue()
