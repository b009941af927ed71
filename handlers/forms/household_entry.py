"""What the form of households needs from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers import households as screens
from handlers import people
from handlers.context import Turn
from handlers.forms import household
from handlers.forms.fields import PersonChoice
from handlers.forms.runner import Entry, Facts
from locales.message import Message
from models.rules.access import Actor, Permission
from models.rules.errors import InputError
from models.rules.households import TO_HEAD, Relation, odd_relations
from models.store import households, residents
from models.store.households import Home
from models.store.persons import PersonLine

Json = Any
Answers = Mapping[str, Json]


async def _load(turn: Turn, answers: Answers, facts: Answers) -> Facts:
    """Return who the person is, and once it is known which household, what the person can be to its head."""
    actor = turn.require(Permission.PERSON_REGISTER)
    person = (await residents.brief(turn.session, actor, int(facts["resident"]))).person
    loaded: Facts = {"name": person.name, "who": person.name}
    if facts["act"] == household.RELATE:
        home = await households.of_person(turn.session, actor, person.id)
        return loaded | _to_head(person, None, home)
    if not answers.get("member"):
        return loaded
    member = (await residents.brief(turn.session, actor, int(answers["member"]))).person
    home = await households.of_person(turn.session, actor, member.id)
    return loaded | {"member_name": member.name} | _to_head(person, member, home)


def _to_head(person: PersonLine, member: PersonLine | None, home: Home | None) -> Facts:
    """Return the head, and what the person can be to them; `member` will be the head where there is no household."""
    head = member if home is None else home.head.person if home.head is not None else None
    if head is None:
        raise InputError("no_head", "")
    taken = home is not None and home.spouse_of_head not in (None, person.id)
    return {
        "head": head.name,
        "relations": [one.value for one in TO_HEAD if one is not Relation.SPOUSE or not taken],
        "odd": [one.value for one in odd_relations(person.birth_date, head.birth_date)],
    }


async def _people(turn: Turn, _answers: Answers, facts: Answers) -> Sequence[PersonChoice]:
    """Return the other people of the village, those who live with the person already aside."""
    actor = turn.require(Permission.PERSON_REGISTER)
    person = (await residents.brief(turn.session, actor, int(facts["resident"]))).person
    village = await residents.list_village(turn.session, actor, person.village_id)
    together = await _together(turn, actor, person)
    return people.choices([one for one in village if one.id not in together])


async def _together(turn: Turn, actor: Actor, person: PersonLine) -> set[int]:
    home = await households.of_person(turn.session, actor, person.id)
    return {person.id} | ({member.person.id for member in home.members} if home else set())


async def _save(turn: Turn, answers: Answers, facts: Answers, draft_id: int) -> Message:
    actor = turn.require(Permission.PERSON_REGISTER)
    resident_id, relation = int(facts["resident"]), Relation(answers["relation"])
    if facts["act"] == household.RELATE:
        stored = await households.relate(turn.session, actor, resident_id, relation, draft_id)
    else:
        stored = await households.join(turn.session, actor, resident_id, int(answers["member"]), relation, draft_id)
    return screens.receipt(turn, stored)


ENTRY = Entry(household.FORM, _load, _people, _save)
