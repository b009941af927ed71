"""Methods by which a bot gets its updates.

Bot API, "Getting updates": `getUpdates` and a webhook exclude each other.
"""

from __future__ import annotations

from typing import Any

import orjson

from bot.local.server.errors import ApiError
from bot.local.server.parameters import Parameters
from bot.local.server.updates import WEBHOOK_ACTIVE
from bot.local.server.world import World


async def get_updates(world: World, parameters: Parameters) -> orjson.Fragment:
    """`getUpdates`: confirms what is below `offset`, waits up to `timeout` seconds when there is nothing."""
    if world.webhook.url:
        raise ApiError(409, WEBHOOK_ACTIVE)
    world.updates.allow(parameters.structure("allowed_updates", "allowed_updates"))
    limit = min(max(parameters.integer("limit", 100), 1), 100)
    timeout = max(parameters.integer("timeout"), 0)
    return orjson.Fragment(await world.updates.get(parameters.integer("offset"), limit, timeout))


async def set_webhook(world: World, parameters: Parameters) -> bool:
    """`setWebhook`: an empty `url` takes it away."""
    if not parameters.text("url"):
        return delete_webhook(world, parameters)
    world.updates.allow(parameters.structure("allowed_updates", "allowed_updates"))
    _drop_if_asked(world, parameters)
    world.webhook.set(parameters)
    await world.updates.end_for_webhook()
    return True


def delete_webhook(world: World, parameters: Parameters) -> bool:
    """`deleteWebhook`: back to `getUpdates`."""
    _drop_if_asked(world, parameters)
    world.webhook.unset()
    return True


def get_webhook_info(world: World, parameters: Parameters) -> dict[str, Any]:
    """`getWebhookInfo`."""
    return world.webhook.to_json(len(world.updates.pending), world.updates.allowed)


def _drop_if_asked(world: World, parameters: Parameters) -> None:
    if parameters.flag("drop_pending_updates"):
        world.updates.clear()
