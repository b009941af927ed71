"""Spreadsheets as bytes: read row by row within limits, and written. Nothing here knows people or the database."""
