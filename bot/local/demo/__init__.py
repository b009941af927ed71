"""The demo township of local mode: synthetic people, two years of visits, and somebody of each role to play."""

from bot.local.demo.personas import PERSONAS, Persona, personas
from bot.local.demo.seeding import DemoTownship, seed

__all__ = ["PERSONAS", "DemoTownship", "Persona", "personas", "seed"]
