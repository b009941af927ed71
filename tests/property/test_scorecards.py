"""Whatever a village has done: more in time never lowers its score, nobody's "no" does, and a veto always holds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.indicators.base import Figure
from models.rules.indicators.checkups import OFFER, Place
from models.rules.indicators.followups import TIMELINESS, FollowUp
from models.rules.outcomes import Outcome
from models.rules.scorecards import CURRENT, RULES, Component, Share, Shares, outside, score

NOW = RULES[CURRENT]
COMPONENTS = st.sampled_from(list(Component))


@st.composite
def share(draw: st.DrawFn) -> Share:
    of = draw(st.integers(0, 60))
    return Share(draw(st.integers(0, of)), of, draw(st.booleans()))


SHARES = st.dictionaries(COMPONENTS, share(), max_size=len(Component))
OUT = st.frozensets(COMPONENTS, max_size=3)


@settings(max_examples=100)
@given(SHARES, OUT, COMPONENTS, st.integers(1, 20))
def test_more_in_time_never_lowers_a_score(
    shares: dict[Component, Share], out: frozenset[Component], component: Component, more: int
) -> None:
    before = shares.get(component, Share(0, 0))
    better: Shares = {**shares, component: Share(min(before.of, before.n + more), before.of)}
    found, then = score({**shares, component: before}, NOW, left_out=out), score(better, NOW, left_out=out)
    assert (found.total is None) is (then.total is None)
    assert (then.total or 0) >= (found.total or 0)


@settings(max_examples=60)
@given(SHARES, OUT)
def test_a_confirmed_breach_leaves_nothing(shares: dict[Component, Share], out: frozenset[Component]) -> None:
    found = score(shares, NOW, is_vetoed=True, left_out=out)
    assert (found.total, found.is_vetoed) == (0, True)


@settings(max_examples=60)
@given(SHARES)
def test_a_score_lies_between_the_levels(shares: dict[Component, Share]) -> None:
    total = score(shares, NOW).total
    assert total is None or 40 <= total <= 100


PLACES = st.lists(st.sampled_from([None, *Outcome]), min_size=1, max_size=40)


@settings(max_examples=60)
@given(PLACES, st.data())
def test_whoever_declines_lowers_nothing(outcomes: list[Outcome | None], data: st.DataObject) -> None:
    """Somebody who came, or whom nobody asked, says no in time instead."""
    changed = list(outcomes)
    candidates = [at for at, one in enumerate(outcomes) if one in (None, Outcome.ATTENDED, Outcome.NOT_REACHED)]
    for at in data.draw(st.sets(st.sampled_from(candidates))) if candidates else ():
        changed[at] = Outcome.DECLINED
    assert _points(_offer(changed)) >= _points(_offer(outcomes))


@settings(max_examples=60)
@given(st.lists(st.booleans(), min_size=10, max_size=40), st.data())
def test_a_visit_that_is_declined_is_one_that_was_made(in_time: list[bool], data: st.DataObject) -> None:
    came = [FollowUp(Outcome.ATTENDED, one) for one in in_time]
    no = data.draw(st.sets(st.integers(0, len(in_time) - 1)))
    said = [FollowUp(Outcome.DECLINED, one.in_time) if at in no else one for at, one in enumerate(came)]
    assert _visits(came) == _visits(said)


@settings(max_examples=60)
@given(SHARES, SHARES)
def test_outsiders_see_of_a_card_only_what_is_public(
    one: dict[Component, Share], other: dict[Component, Share]
) -> None:
    """Two villages that differ in what is kept alone have the same card."""
    kept = {component for component in one if not one[component].is_public}
    alike = {component: other.get(component, Share(0, 1, False)) for component in kept}
    hidden = {component: Share(found.n, found.of, False) for component, found in alike.items()}
    assert score(outside(one), NOW) == score(outside({**one, **hidden}), NOW)


def _offer(outcomes: list[Outcome | None]) -> Figure:
    return OFFER.figure(OFFER.table.count([(Place(one), 1) for one in outcomes]))


def _visits(found: list[FollowUp]) -> Figure:
    return TIMELINESS.figure(TIMELINESS.table.count([(one, 1) for one in found]))


def _points(figure: Figure) -> int:
    return score({Component.CHECKUP_OFFER: Share(figure.n, figure.of or 0)}, NOW).total or 0
