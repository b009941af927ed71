"""Who may follow whom: what becomes of a person, and who is what to whom in a household."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rules.changes import RESULTS, ChangeKind, ResidentStatus, possible, trouble
from models.rules.consent import GUARDIAN_UNDER_YEARS, may_speak, needs_guardian
from models.rules.households import TO_HEAD, Member, Relation, odd_relations, seen_from, successor

DAYS = st.dates(date(1900, 1, 1), date(2030, 1, 1))
RELATIONS = st.sampled_from(TO_HEAD)


@given(kinds=st.lists(st.sampled_from(ChangeKind), max_size=12))
def test_any_life_ends_once(kinds: list[ChangeKind]) -> None:
    """Only what is possible happens: nobody comes back who is here, nothing follows a death."""
    status, died = ResidentStatus.PRESENT, False
    for kind in kinds:
        if kind not in possible(status):
            continue
        assert not died
        assert kind is not ChangeKind.BACK or status in (ResidentStatus.AWAY, ResidentStatus.MOVED)
        status, died = RESULTS[kind], kind is ChangeKind.DIED
    assert died == (status is ResidentStatus.DECEASED)


@given(on=DAYS, until=st.none() | DAYS, born=st.none() | DAYS, today=DAYS)
def test_days_are_in_order(on: date, until: date | None, born: date | None, today: date) -> None:
    in_order = (born is None or born <= on) and on <= today and (until is None or on < until)
    assert (trouble(on, until, born, today) is None) == in_order


@given(head=RELATIONS, other=RELATIONS)
def test_two_changes_of_head_never_contradict(head: Relation, other: Relation) -> None:
    """What is known after the head changed and changed back is what was known before, or less; never something else."""
    old_head, there = seen_from(head, Relation.HEAD), seen_from(head, other)
    assert Relation.HEAD not in (old_head, there)
    assert seen_from(old_head, Relation.HEAD) in (head, Relation.OTHER)
    back = seen_from(old_head, there)
    assert back in (other, Relation.OTHER) or {back, other} <= {Relation.SPOUSE, Relation.PARENT, Relation.CHILD}


@given(other=st.sampled_from(Relation))
def test_the_head_stays_the_head(other: Relation) -> None:
    assert seen_from(Relation.HEAD, other) is other


@given(people=st.lists(st.tuples(RELATIONS, st.none() | DAYS), max_size=6))
def test_the_spouse_or_the_eldest_follows(people: list[tuple[Relation, date | None]]) -> None:
    members = [Member(number, relation, born) for number, (relation, born) in enumerate(people)]
    chosen = successor(members)
    if chosen is None:
        assert members == []
    elif any(one.relation is Relation.SPOUSE for one in members):
        assert chosen.relation is Relation.SPOUSE
    else:
        assert all((chosen.birth_date or date.max) <= (one.birth_date or date.max) for one in members)


@given(born=DAYS, years=st.integers(1, 80))
def test_a_child_is_younger_and_a_parent_older(born: date, years: int) -> None:
    older = born - timedelta(days=years * 365)
    assert Relation.PARENT in odd_relations(born, older)
    assert Relation.CHILD in odd_relations(older, born)
    assert Relation.CHILD not in odd_relations(born, older)
    assert odd_relations(None, born) == odd_relations(born, None) == ()


@given(born=st.none() | DAYS, today=DAYS, days=st.integers(0, 40_000))
def test_exactly_one_speaks_and_growing_up_is_for_good(born: date | None, today: date, days: int) -> None:
    assert may_speak(born, today, guardian=True) != may_speak(born, today, guardian=False)
    if not needs_guardian(born, today):
        assert not needs_guardian(born, today + timedelta(days=days))
    if born is not None:
        birthday = born.year + GUARDIAN_UNDER_YEARS
        assert needs_guardian(born, date(birthday - 1, 12, 31)) or birthday - 1 < born.year
        assert not needs_guardian(born, date(birthday, 12, 31))
