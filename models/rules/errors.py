"""What the rules say when something typed can't be understood."""

from __future__ import annotations


class InputError(ValueError):
    """Something a person typed was not understood, or is impossible.

    Attributes:
        code: what was wrong, lower case with underscores or dots; the text is at `input.<code>` in
            `locales/`.
        example: something right of the same kind, as a person would type it.
        values: what the text mentions: limits, the day that was understood. For the person, not for logs.
    """

    def __init__(self, code: str, example: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.example = example
        self.values: dict[str, object] = dict(values)
