"""The page `docs/two-months.md`, its pictures, and one moving picture of them all."""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image

from models.rules.access import Role
from scheduler.messages import NOTICES
from tests.e2e.phone import ROOT
from tests.e2e.two_months.camera import Shot
from tests.e2e.two_months.kinds import ELSEWHERE, WHY

PAGE = ROOT / "docs" / "two-months.md"
PICTURES = ROOT / "docs" / "pictures" / "two-months"
MOVING = "all.gif"
TOP, BOTTOM = 98, 400
"""So much is seen of a picture in the moving one: the day and the reader, and the newest messages."""
WIDTH, FEW = 234, 12
"""Of the moving picture: dots across, and colours."""
SECONDS = 1.8
"""For which each picture of the moving one is seen."""
HEAD = """# Two months of messages

Every kind of message that the bot sends on its own, as it first arrives in the demo, in the order of its days.
`make months` played them: it starts local mode, moves its clock as the buttons of its page do, acts as manager, clinic,
leader and administrator, and takes the pictures. A newcomer does the same with `make run`.

<img src="pictures/two-months/{moving}" width="260" alt="All of them, one after the other">
"""


def write(shots: Mapping[str, Shot]) -> None:
    """Write pictures and page anew.

    Raises:
        AssertionError: a kind of message has no picture.
    """
    unnamed = (kind for kind in NOTICES if kind not in ELSEWHERE and not any(_is(kind, one) for one in WHY))
    missing = sorted(set(WHY) - set(shots)) + sorted(unnamed)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for old in PICTURES.glob("*"):
        old.unlink()
    ordered = sorted(shots.values(), key=lambda shot: shot.at)
    for shot in ordered:
        shot.image.save(PICTURES / file_of(shot.name), optimize=True)
    _moving([shot.image for shot in ordered])
    PAGE.write_text("\n".join([HEAD.format(moving=MOVING), *map(_section, ordered)]), "utf-8")
    assert missing == [], missing


def file_of(name: str) -> str:
    """Return the picture's name."""
    return name.replace("/", "-").replace(".", "-").replace("_", "-") + ".png"


def _is(kind: str, name: str) -> bool:
    return name.partition("/")[0] == kind


def _section(shot: Shot) -> str:
    said = "\n".join(f"> {line}".rstrip() for line in shot.said.strip().splitlines())
    who = shot.to.first_name
    role = f"manager of {shot.to.place}" if shot.to.role is Role.MANAGER else f"{shot.to.role or 'resident'}"
    picture = f'<img src="pictures/two-months/{file_of(shot.name)}" width="260" alt="{shot.name}">'
    return (
        f"## `{shot.name}`\n\n{shot.at:%a %-d %b, %H:%M}, to {who}, {role}. {WHY[shot.name]}\n\n{said}\n\n{picture}\n"
    )


def _moving(pictures: list[Image.Image]) -> None:
    frames = [_part(one.convert("RGB")).quantize(FEW, dither=Image.Dither.NONE) for one in pictures]
    frames[0].save(
        PICTURES / MOVING, save_all=True, append_images=frames[1:], duration=int(SECONDS * 1000), loop=0, optimize=True
    )


def _part(picture: Image.Image) -> Image.Image:
    """Return the day, the reader and the newest messages, small."""
    width, height = picture.size
    part = Image.new("RGB", (width, TOP + BOTTOM))
    part.paste(picture.crop((0, 0, width, TOP)), (0, 0))
    part.paste(picture.crop((0, height - BOTTOM, width, height)), (0, TOP))
    return part.resize((WIDTH, part.height * WIDTH // width), Image.Resampling.LANCZOS)
