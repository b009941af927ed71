"""The documents: tables as the code has them, links that lead somewhere, names that exist."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.settings import Settings
from handlers.forms.entries import ENTRIES
from handlers.forms.fields import always
from models.rules.programmes.catalogue import BUILT_IN
from tests.architecture.reference import BLOCKS, ROOT, names, pages, renewed
from tests.architecture.reference.commands import command_line
from tests.architecture.reference.forms import CONDITIONS

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PICTURES = ROOT / "docs" / "pictures"
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<img [^>]*src=\"([^\"]+)\"")
_CODE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
every = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


@pytest.mark.parametrize("page", list(pages()), ids=lambda path: path.name)
def test_tables_are_as_the_code_has_them(page: Path) -> None:
    """`python -m tests.architecture.reference` writes them anew."""
    assert page.read_text("utf-8") == renewed(page)


def test_every_table_has_its_place() -> None:
    assert sorted(name for page in pages() for name in names(page)) == sorted(BLOCKS)


def test_the_conditions_of_forms_are_words_for_conditions_there_are() -> None:
    by_programme = {name for programme in BUILT_IN.values() for name in programme.fields}
    for name, said in CONDITIONS.items():
        conditional = {field.key for field in ENTRIES[name].form.fields if field.when is not always}
        assert set(said) <= conditional, name
        if name != "visit":
            assert conditional == set(said), name
        else:
            assert conditional - set(said) - by_programme <= {"lifestyle", "symptoms"}


def links(document: Path) -> list[str]:
    """Return where a document's links and pictures lead, without those in code."""
    found = _LINK.findall(_CODE.sub("", document.read_text("utf-8")))
    return [link or picture for link, picture in found]


def anchors(document: Path) -> set[str]:
    """Return the names of a document's headings, as they are linked to."""
    headings = _HEADING.findall(_CODE.sub("", document.read_text("utf-8")))
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@every
def test_relative_links_lead_somewhere(document: Path) -> None:
    for link in links(document):
        if re.match(r"[a-z]+:", link):
            assert link.startswith("https://"), link
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.is_file(), link
        assert target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(target), link


def test_every_picture_is_shown() -> None:
    shown = {(page.parent / link).resolve() for page in DOCUMENTS for link in links(page) if link.endswith(".png")}
    assert shown == set(PICTURES.rglob("*.png"))


def test_pictures_are_small() -> None:
    assert {path.name: path.stat().st_size for path in PICTURES.glob("*.png") if path.stat().st_size > 400_000} == {}


def test_every_page_is_linked_to() -> None:
    linked = {(page.parent / link.split("#")[0]).resolve() for page in DOCUMENTS for link in links(page)}
    assert [str(page) for page in DOCUMENTS if page not in linked and page.name != "README.md"] == []


@every
def test_settings_that_are_named_exist(document: Path) -> None:
    named = set(re.findall(r"SUIFANG_([A-Z_]+)", document.read_text("utf-8")))
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def commands(document: Path) -> list[str]:
    """Return what a document says after `suifang`, in code at the beginning of a line or of a phrase."""
    return re.findall(r"(?:`|^ *)(?:\.venv/bin/)?suifang ([a-z][^`\n]*)", document.read_text("utf-8"), re.MULTILINE)


@every
def test_commands_that_are_named_exist(document: Path) -> None:
    known = re.findall(r"`suifang ([a-z -]+)`", command_line())
    for said in commands(document):
        assert any(f"{said} ".startswith(f"{command} ") for command in known), said
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", document.read_text("utf-8"), re.MULTILINE)) <= targets


def test_commands_are_found_in_the_documents() -> None:
    assert sum(len(commands(document)) for document in DOCUMENTS) > 20
