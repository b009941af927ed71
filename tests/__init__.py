"""The tests. Nothing here is timed: a slow machine is no failure, so property tests have no deadline.

`HYPOTHESIS=long` tries twenty times as much.
"""

import os
from typing import Any

from hypothesis import settings

IS_LONG = os.environ.get("HYPOTHESIS") == "long"
LONGER = 20
settings.register_profile("suite", deadline=None, print_blob=True, max_examples=50)
settings.register_profile("long", deadline=None, print_blob=True, max_examples=50 * LONGER)
settings.load_profile(os.environ.get("HYPOTHESIS", "suite"))


def stories(many: int, **how: Any) -> settings:
    """Return the settings of a test one of whose examples takes long by itself: the suite tries `many`."""
    how = {"derandomize": not IS_LONG, "deadline": None, **how}
    return settings(max_examples=many * LONGER if IS_LONG else many, **how)
