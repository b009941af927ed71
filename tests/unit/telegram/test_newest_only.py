"""What is owed from before a restart: of a draft's questions only the newest is shown again."""

from __future__ import annotations

from bot.telegram.calls import Batch, Call, newest_only


def _batch(update_id: int, *drafts: int | None) -> Batch:
    calls = tuple(Call("sendMessage", {"text": f"{update_id}"}, draft) for draft in drafts)
    return Batch(update_id, 7, "zh-CN", calls)


def test_only_the_last_question_of_a_draft_is_left() -> None:
    left = newest_only([_batch(1, 50, None), _batch(2, 50), _batch(3, 51), _batch(4, 50)])
    assert [[call.draft_id for call in batch.calls] for batch in left] == [[None], [], [51], [50]]
    assert [batch.update_id for batch in left] == [1, 2, 3, 4]


def test_what_belongs_to_no_draft_stays() -> None:
    batches = [_batch(1, None), _batch(2, None, None)]
    assert newest_only(batches) == batches
