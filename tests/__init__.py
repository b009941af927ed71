"""The tests. Nothing here is timed: a slow machine is no failure, so property tests have no deadline.

`HYPOTHESIS=long` tries twenty times as much.
"""

import os

from hypothesis import settings

settings.register_profile("suite", deadline=None, print_blob=True, max_examples=50)
settings.register_profile("long", deadline=None, print_blob=True, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS", "suite"))
