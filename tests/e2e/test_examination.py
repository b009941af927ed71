"""Clinical results: entered and read by the clinic; the village learns nothing, not even that there is one."""

from __future__ import annotations

from models.rules.access import Role
from models.store import enrolments, examinations
from tests.e2e.chat import Person
from tests.e2e.probe import Probe, letters
from tests.e2e.world import STAFF, World

WORDS = ("检查结果", "宫颈", "HPV", "要复查", "复查日期")


async def _card(person: Person, name: str) -> None:
    await person.send(name)
    await person.tap(f"{name} ·")
    await person.expect(f"👤 {name}")


async def _entered(world: World, clinic: Person) -> None:
    """Enter an HPV result of 李红, who is in the screening programme."""
    async with world.database.transaction() as session:
        await enrolments.enrol(session, world.actors["clinic"], world.people["李红"], "cervical_hpv")
    await _card(clinic, "李红")
    await clinic.tap("记检查结果")
    await clinic.expect("什么检查")
    await clinic.tap("HPV 检测")
    await clinic.expect("结果怎样")
    await clinic.tap("要复查")
    await clinic.tap("再加一项")
    await clinic.tap("备注")
    await clinic.expect("不要写胎儿性别")
    await clinic.send("16型阳性")
    await clinic.tap("保存")
    await clinic.expect("已保存", "李红", "HPV 检测：要复查", "16型阳性", "只有乡所看得到")


async def test_the_clinic_enters_corrects_lists_and_takes_back(world: World) -> None:
    clinic = await world.staff("clinic")
    await _entered(world, clinic)
    await clinic.tap("更正")
    await clinic.expect("更正检查结果", "HPV 检测", "要复查")
    await clinic.tap("✏️ 结果")
    await clinic.tap("阴性")
    await clinic.tap("保存")
    await clinic.expect("HPV 检测：阴性", "第 2 版")
    assert any("宫颈" in label for label in await clinic.buttons())
    await clinic.tap("看这个人")
    await clinic.expect("🔬 11/9 HPV 检测：阴性")
    await clinic.tap("全部检查结果（1 次）")
    await clinic.expect("检查结果（共 1 次）", "2026年11月9日", "16型阳性")
    await clinic.tap("看这个人")
    await clinic.tap("撤销")
    await clinic.expect("已撤销", "李红")
    await _card(clinic, "李红")
    await clinic.expect("👤 李红", absent=["HPV 检测"])


async def test_the_village_learns_nothing(world: World, manager: Person) -> None:
    await _card(manager, "李红")
    async with world.database.transaction() as session:
        await enrolments.enrol(session, world.actors["clinic"], world.people["李红"], "cervical_hpv")
    before = Probe(world, STAFF["manager"][0], STAFF["manager"][0])
    card_before = str(await before.craft("card", world.people["李红"]))
    clinic = await world.staff("clinic")
    await clinic.send("李红")
    await clinic.tap("李红 ·")
    await clinic.tap("记检查结果")
    await clinic.tap("HPV 检测")
    await clinic.tap("要复查")
    await clinic.tap("保存")
    await clinic.expect("已保存")
    async with world.database.transaction() as session:
        page = await examinations.of_person(session, world.actors["clinic"], world.people["李红"])
    record_id = page.lines[0].id
    for name in ("manager", "neighbour", "leader", "deputy", "admin"):
        probe = Probe(world, STAFF[name][0], STAFF[name][0])
        for action, arguments in (
            ("examination.of", (world.people["李红"],)),
            ("examination.list", (0, world.people["李红"])),
            ("examination.fix", (record_id,)),
            ("examination.undo", (record_id,)),
        ):
            said = str(await probe.craft(action, *arguments))
            unknown = str(await probe.craft(action, *(1 for _ in arguments)))
            assert "不能做这个" in said
            assert said == unknown
            assert not [word for word in WORDS if word in said]
    assert str(await before.craft("card", world.people["李红"])) == card_before
    assert world.actors["manager"].role is Role.MANAGER
    assert await letters(world) == []


async def test_in_english(world: World) -> None:
    english = await world.staff("clinic")
    await english.send("/language")
    await english.tap("English")
    await english.send("王秀英")
    await english.tap("王秀英 ·")
    await english.tap("Add a result")
    await english.tap("Breast")
    await english.tap("Nothing abnormal")
    await english.tap("Save")
    await english.expect("Saved", "Breast: Nothing abnormal", "Only the clinic sees this")
