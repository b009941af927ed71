"""What a store function can refuse; `models.rules.access.AccessDenied` is the other one."""

from __future__ import annotations


class NotFound(Exception):
    """There is no such row within the actor's reach; an id of another place looks like an unknown one."""


class Merged(NotFound):
    """The row was the same person entered twice, and another row has everything now.

    Attributes:
        kept_id: that row; `None` when it lies beyond the actor's reach.
    """

    def __init__(self, kept_id: int | None) -> None:
        """Remember where to go on."""
        super().__init__()
        self.kept_id = kept_id


class NoConsent(Exception):
    """The person has not consented to what this would store."""


class Conflict(Exception):
    """The row is not any more as it was when this was decided.

    Attributes:
        code: why: `too_late`, `not_yours`, `changed_since`, `corrected_since`, `locked`, `ended`,
            `already_reported`, `voided`.
    """

    def __init__(self, code: str) -> None:
        """Remember why."""
        super().__init__(code)
        self.code = code


class Refused(Exception):
    """The values can't be stored.

    Attributes:
        code: why, a code that `locales` words: for example `not_reported_by_role`, `needs_date`.
    """

    def __init__(self, code: str) -> None:
        """Remember why."""
        super().__init__(code)
        self.code = code
