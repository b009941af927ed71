"""Which characters are Chinese ones, as the inside of a regular expression's brackets."""

from __future__ import annotations

HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Ideographs, those kept for compatibility, and the supplementary planes of ideographs; nothing for private use."""
