"""Lines of words and numbers that people type or dictate without any form: cut up, and read where they are plain."""
