"""The facts that indicators count, read as few rows: what is alike comes once, with how often it was met."""
