"""The tests. Nothing here is timed: a slow machine is no failure, so property tests have no deadline."""

from hypothesis import settings

settings.register_profile("suite", deadline=None, print_blob=True)
settings.load_profile("suite")
