"""What `/metrics` says, in the text format of Prometheus. No label names a person or a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.watching.standing import Standing
from models.store.queue import Queue
from models.tables.outbox import OutboxState
from scheduler.messenger import Fate


class Metrics(Collector):
    """The metrics of one application, made when they are asked for."""

    headers: Final = {"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}

    def __init__(self) -> None:
        """Keep a registry of its own: a process may hold several applications."""
        self._standing: Standing | None = None
        self._registry = CollectorRegistry()
        self._registry.register(self)
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def text(self, standing: Standing) -> bytes:
        """Return how things stand."""
        self._standing = standing
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics of what `text` was given."""
        if self._standing is not None:
            yield from _ticks(self._standing)
            yield from _telegram(self._standing)
            if self._standing.queue is not None:
                yield from _outbox(self._standing.queue)

    def describe(self) -> Iterable[Metric]:
        """Return nothing: what there is is known when it is asked for."""
        return ()


def _outbox(queue: Queue) -> Iterator[Metric]:
    messages = GaugeMetricFamily(
        "suifang_outbox_messages", "Messages by state, without what is sent or expired.", labels=("state",)
    )
    for state, many in queue.messages.items():
        messages.add_metric((state.value,), many)
    yield messages
    yield _gauge("suifang_outbox_lag_seconds", "For how long the longest due message has waited.", queue.lag)
    in_doubt = queue.messages[OutboxState.IN_DOUBT]
    yield _gauge("suifang_outbox_in_doubt", "Messages of which nobody knows whether they arrived.", in_doubt)
    yield _gauge("suifang_dead_letters", "Updates that could not be handled.", queue.letters)


def _ticks(standing: Standing) -> Iterator[Metric]:
    age = GaugeMetricFamily("suifang_last_tick_age_seconds", "Time since a job last succeeded.", labels=("job",))
    stalled = GaugeMetricFamily("suifang_tick_stalled", "1 when a job does not tick.", labels=("job",))
    for name, seconds in standing.ages.items():
        age.add_metric((name,), seconds)
        stalled.add_metric((name,), float(name in standing.stalled))
    yield from (age, stalled)


def _telegram(standing: Standing) -> Iterator[Metric]:
    service = standing.service
    up = GaugeMetricFamily("suifang_up", "1 when what the bot depends on can be reached.", labels=("part",))
    up.add_metric(("telegram",), float(service.telegram is None))
    up.add_metric(("database",), float(standing.database is None))
    yield up
    yield _gauge("suifang_updates_under_way", "Updates that are not committed yet.", service.uncommitted)
    yield _gauge("suifang_replies_under_way", "Batches of replies that are not delivered yet.", service.undelivered)
    said = CounterMetricFamily("suifang_messages", "Attempts to say something unasked, by fate.", labels=("fate",))
    for fate in Fate:
        said.add_metric((fate.value,), standing.fates.get(fate, 0))
    yield said


def _gauge(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, said, value=value)
