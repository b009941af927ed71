"""Where a person is in a form: everything a restart needs to ask the same question again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Json = Any
REVIEW = "review"


@dataclass(frozen=True, slots=True)
class FormState:
    """The part of a draft that the engine works on.

    Attributes:
        answers: what was answered, by field key, as JSON; `None` is a skipped question.
        facts: what the form was told when it was opened (names, dates by programme), as JSON.
        at: the field being asked, or `REVIEW`.
        path: the fields asked before it, for *back*.
        ui: what the present question shows (calendar month, page, chosen options).
        asked_at: the revision at which the present question was put.
        revision: counts the accepted answers; a button carries the revision it was drawn at.
    """

    answers: Mapping[str, Json] = field(default_factory=dict)
    facts: Mapping[str, Json] = field(default_factory=dict)
    at: str = ""
    path: tuple[str, ...] = ()
    ui: Mapping[str, Json] = field(default_factory=dict)
    asked_at: int = 0
    revision: int = 0

    def dump(self) -> dict[str, Json]:
        """Return the state as JSON; the revision is stored beside it."""
        return {
            "answers": dict(self.answers),
            "facts": dict(self.facts),
            "at": self.at,
            "path": list(self.path),
            "ui": dict(self.ui),
            "asked_at": self.asked_at,
        }

    @classmethod
    def load(cls, body: Mapping[str, Json], revision: int) -> FormState:
        """Read back what `dump` wrote."""
        return cls(
            answers=body["answers"],
            facts=body["facts"],
            at=body["at"],
            path=tuple(body["path"]),
            ui=body["ui"],
            asked_at=body["asked_at"],
            revision=revision,
        )

    def answered(self, key: str, value: Json, forgotten: Collection[str] = ()) -> FormState:
        """Return the state with one more answer, and without those that are `forgotten` for it."""
        kept = {known: answer for known, answer in self.answers.items() if known not in forgotten}
        return replace(self, answers={**kept, key: value}, ui={}, revision=self.revision + 1)

    def echoing(self, key: str, words: str | None) -> FormState:
        """Return the state that shows `words` behind the answer to `key`, or nothing."""
        echoes = {known: said for known, said in self.facts.get("echoes", {}).items() if known != key}
        if words is not None:
            echoes[key] = words
        elif not self.facts.get("echoes"):
            return self
        return replace(self, facts={**self.facts, "echoes": echoes})

    def asking(self, key: str, path: tuple[str, ...]) -> FormState:
        """Return the state that asks `key`."""
        return replace(self, at=key, path=path, ui={}, asked_at=self.revision)

    def drawn(self, ui: Mapping[str, Json]) -> FormState:
        """Return the state whose present question looks different (another month, another page)."""
        return replace(self, ui={**self.ui, **ui}, revision=self.revision + 1)
