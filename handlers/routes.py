"""What the bot answers to: commands, buttons, the keyboard, and everything else."""

from __future__ import annotations

from collections.abc import Mapping

from handlers import (
    accounts,
    alerts,
    appeals,
    approvals,
    arranging,
    benefit_decisions,
    benefit_payments,
    benefits,
    birth_totals,
    calendar,
    card,
    changes,
    checkup_days,
    checkups,
    complaints,
    consents,
    counsellings,
    decisions,
    define,
    dictation,
    due,
    duplicates,
    enrol,
    enrolments,
    examinations,
    extracts,
    find,
    grants,
    handovers,
    history,
    households,
    imports,
    ladders,
    leaves,
    meetings,
    mine,
    own,
    paper,
    pictures,
    portable,
    publications,
    questions,
    quick_entry,
    records,
    referrals,
    report_files,
    residents,
    rosters,
    satisfaction,
    scorecards,
    settings,
    spoken,
    staff,
    status,
    targets,
    todo,
    unlisted,
    visits,
)
from handlers.context import Handler, Turn
from handlers.errors import enrolled, private
from handlers.forms import entries, runner
from handlers.forms.state import REVIEW
from handlers.menu import menu, show_menu
from locales.message import Text
from models.rules.access import Permission

__all__ = ["COMMANDS", "MENU", "TAPS", "addressed", "document", "moved", "typed", "unsupported"]

runner.ENTRIES.update(entries.ENTRIES)


async def _typed(turn: Turn) -> None:
    """Take typed words: an answer to the open form, an invite code, or what `_meant` finds in them."""
    if turn.actor is not None and not await _comes_first(turn) and await runner.typed(turn):
        return
    text = turn.text or ""
    if enrol.looks_like_code(text):
        if not await complaints.told(turn, text):
            await enrol.enter_code(turn, text)
    elif turn.actor is None:
        turn.say(Text.of("enrol.stranger"))
    elif not await _meant(turn, text):
        show_menu(turn, turn.actor, Text.of("errors.what", typed=text[:60]))


async def _meant(turn: Turn, text: str) -> bool:
    """Take what may be meant, in this order.

    Words that stand for a key or a greeting come first, but one word of letters after names: `why` may be initials. A
    target that nobody may set is refused; then come a question, a report in one line, words for the open roster,
    a name, and what may be a question.
    """
    return (
        (not _may_be_initials(turn, text) and await _spoken(turn, text))
        or await targets.typed(turn, text)
        or await questions.typed(turn, text)
        or await quick_entry.take(turn, text)
        or await dictation.take(turn, text)
        or await rosters.typed(turn, text)
        or await find.search(turn, text)
        or await _spoken(turn, text)
        or await questions.perhaps(turn, text)
    )


def _may_be_initials(turn: Turn, text: str) -> bool:
    """Return whether `text` is one word of letters, to somebody who finds persons."""
    finds_persons = turn.actor is not None and turn.actor.may(Permission.PERSON_READ)
    return finds_persons and text.isascii() and text.strip().isalpha()


async def _spoken(turn: Turn, text: str) -> bool:
    """Take words that stand for a key of the own keyboard, or a greeting and the like."""
    if turn.actor is None:
        return False
    key = spoken.key(turn.actor, text)
    if key is not None:
        await _MENU[key](turn)
        return True
    return spoken.pleasantry(turn, turn.actor, text)


async def _comes_first(turn: Turn) -> bool:
    """Return whether words are a report or results although a form is open: at its review nothing is typed."""
    at_review = turn.draft is not None and turn.draft.body.get("at") == REVIEW
    return at_review and (quick_entry.is_meant(turn) or await dictation.is_meant(turn))


async def _unsupported(turn: Turn) -> None:
    """Answer pictures, files and unknown commands."""
    turn.say(Text.of("errors.unsupported" if turn.actor else "enrol.stranger"))


typed = private(_typed)
addressed = enrolled(questions.ask)
moved = publications.moved
document = private(imports.document)
unsupported = private(_unsupported)

_COMMANDS: Mapping[str, Handler] = {
    "start": enrol.start,
    "help": enrol.help_,
    "menu": menu,
    "me": enrol.me,
    "language": enrol.language,
    "cancel": runner.cancel,
    "resume": runner.resume,
    "due": due.due,
    "todo": todo.todo,
    "alerts": alerts.alerts_list,
    "why": alerts.why_rule,
    "find": find.find,
    "mine": mine.mine,
    "grants": grants.grants,
    "roster": rosters.roster,
    "paper": paper.paper,
    "checkup": checkups.checkup,
    "visit": visits.visit,
    "register": residents.register,
    "duplicates": duplicates.duplicates,
    "handovers": handovers.handovers_list,
    "referrals": referrals.list_open,
    "status": status.status,
    "ask": questions.ask,
    "define": define.define,
    "extract": extracts.extract,
    "report": report_files.report,
    "scorecard": scorecards.scorecard,
    "target": targets.target,
    "benefits": benefits.overview,
    "meeting": meetings.meeting,
    "decisions": decisions.decisions_list,
    "template": imports.template,
    "calendar": calendar.calendar,
    "notice": publications.notice,
    "settings": settings.settings,
    "invite": staff.invite,
    "staff": staff.staff_list,
    "ladder": ladders.ladder,
    "own": own.own,
    "births": birth_totals.show,
    "complaint": complaints.complaint,
    "complaints": complaints.mine,
}
_TAPS: Mapping[str, Handler] = {
    "f": runner.tapped,
    "f.open": runner.reopen,
    "resume": runner.resume,
    "todo": todo.todo,
    "alerts": alerts.alerts_list,
    "alert": alerts.show,
    "alert.ack": alerts.acknowledge,
    "alert.wait": alerts.snooze,
    "alert.give": alerts.give,
    "alert.take": alerts.take,
    "alert.undo": alerts.undo,
    "alert.why": alerts.why,
    "approvals": approvals.approvals,
    "due": due.turn_page,
    "due.go": due.report,
    "due.village": due.choose_village,
    "card": card.card,
    "join": enrolments.join,
    "leave.which": enrolments.which_to_leave,
    "leave.ask": enrolments.ask_leave,
    "leave": enrolments.leave,
    "approve": enrolments.approve,
    "change": changes.change,
    "change.undo": changes.undo,
    "unlisted": unlisted.show,
    "home": households.show,
    "home.join": households.join,
    "home.new": households.make,
    "home.relate": households.relate,
    "home.head": households.make_head,
    "home.leave": households.leave,
    "home.undo": households.undo,
    "consent": consents.show,
    "consent.give": consents.give,
    "consent.end": consents.withdraw,
    "consent.undo": consents.undo,
    "consent.log": consents.history,
    "history": history.history,
    "extract": extracts.extract,
    "extract.of": extracts.of_period,
    "extract.make": extracts.make,
    "portable": portable.of_person,
    "mine": mine.turn_page,
    "record": records.record,
    "versions": records.versions,
    "grant.why": grants.why,
    "grant.ask": grants.ask,
    "grants": grants.turn_page,
    "grant": grants.grant,
    "grant.yes": grants.allow,
    "grant.no": grants.refuse,
    "roster": rosters.roster,
    "roster.show": rosters.show,
    "roster.paper": paper.paper,
    "roster.tap": rosters.tap,
    "roster.fill": rosters.fill,
    "roster.unfill": rosters.unfill,
    "roster.page": rosters.turn_page,
    "roster.to": rosters.go,
    "roster.look": rosters.look,
    "roster.drop": rosters.drop,
    "roster.away": rosters.away,
    "roster.add": rosters.add,
    "roster.new": rosters.register,
    "roster.close": rosters.close,
    "roster.reopen": rosters.reopen,
    "told": dictation.choose,
    "told.add": dictation.add,
    "told.undo": dictation.take_back,
    "checkup.new": checkups.checkup,
    "checkup.of": checkups.checkup_of,
    "checkup.fix": checkups.correct,
    "checkup.undo": checkups.undo,
    "visit.new": visits.visit,
    "visit.fix": visits.correct,
    "visit.undo": visits.undo,
    "examination.of": examinations.examine,
    "examination.fix": examinations.correct,
    "examination.undo": examinations.undo,
    "examination.list": examinations.list_results,
    "referral": referrals.show,
    "referral.of": referrals.refer,
    "referral.now": referrals.refer_now,
    "referral.fix": referrals.correct,
    "referral.undo": referrals.undo,
    "referral.no": referrals.decline,
    "referrals": referrals.list_open,
    "referral.answer": referrals.answer,
    "referral.refix": referrals.correct_answer,
    "referral.reundo": referrals.undo_answer,
    "choice.of": counsellings.talk,
    "choice.fix": counsellings.correct,
    "choice.undo": counsellings.undo,
    "choice.list": counsellings.list_talks,
    "benefits": benefits.overview,
    "benefits.list": benefits.list_waiting,
    "benefits.pay": benefit_payments.pay_many,
    "benefit": benefits.show,
    "benefit.of": benefits.of_person,
    "benefit.agree": benefits.agree,
    "benefit.new": benefits.new,
    "benefit.fix": benefits.correct,
    "benefit.undo": benefits.undo,
    "benefit.end": benefits.withdraw,
    "benefit.unend": benefits.take_up,
    "benefit.yes": benefit_decisions.yes,
    "benefit.no": benefit_decisions.no,
    "benefit.redo": benefit_decisions.redo,
    "benefit.undecide": benefit_decisions.undo,
    "benefit.pay": benefit_payments.pay,
    "payment": benefit_payments.show,
    "payment.fix": benefit_payments.correct,
    "payment.no": benefit_payments.void,
    "payment.undo": benefit_payments.undo,
    "status": status.turn_period,
    "status.more": status.more,
    "status.in": status.villages,
    "status.picture": pictures.picture,
    "status.picture_in": pictures.by_village,
    "notice.here": publications.here,
    "notice.old": publications.old,
    "publication": publications.review,
    "publication.choose": publications.choose,
    "publication.leave": publications.leave_out,
    "publication.send": publications.approve,
    "publication.again": publications.again,
    "publication.there": publications.there,
    "publication.no": publications.decline,
    "publication.fix": publications.correct,
    "define": define.define,
    "define.of": define.define_one,
    "ask": questions.again,
    "report": report_files.report,
    "report.form": report_files.form,
    "report.make": report_files.make,
    "report.cancel": report_files.cancel,
    "report.times": report_files.times,
    "report.time": report_files.turn_time,
    "report.as": report_files.choose_form,
    "report.stop": report_files.stop,
    "scorecard": scorecards.scorecard,
    "scorecard.of": scorecards.of_village,
    "scorecard.part": scorecards.part,
    "appeal": appeals.show,
    "appeals": appeals.appeals,
    "appeal.make": appeals.make,
    "appeal.answer": appeals.answer,
    "appeal.undo": appeals.undo,
    "target": targets.target,
    "target.set": targets.choose,
    "target.undo": targets.undo,
    "alike": residents.instead,
    "pairs": duplicates.turn_page,
    "pair": duplicates.pair,
    "pair.ask": duplicates.ask,
    "pair.merge": duplicates.merge,
    "pair.two": duplicates.tell_apart,
    "merged": duplicates.merged,
    "unmerge": duplicates.undo,
    "register.new": residents.register,
    "register.fix": residents.correct,
    "register.undo": residents.undo,
    "handovers": handovers.handovers_list,
    "handover": handovers.of_person,
    "handover.see": handovers.see,
    "handover.accept": handovers.accept,
    "handover.take": handovers.take,
    "handover.no": handovers.ask_decline,
    "handover.decline": handovers.decline,
    "handover.withdraw": handovers.withdraw,
    "handover.end_ask": handovers.ask_end,
    "handover.end": handovers.end,
    "meeting": meetings.meeting,
    "meeting.answer": meetings.answer,
    "meeting.who": meetings.who,
    "meeting.file": meetings.file,
    "meeting.minutes": meetings.write_minutes,
    "decisions": decisions.decisions_list,
    "decision": decisions.decision,
    "decision.new": decisions.new,
    "decision.fix": decisions.correct,
    "decision.undo": decisions.undo,
    "decision.done": decisions.finish,
    "decision.open": decisions.reopen,
    "decision.drop_ask": decisions.ask_drop,
    "decision.drop": decisions.drop,
    "import.go": imports.go,
    "import.drop": imports.drop,
    "import.undo": imports.undo,
    "calendar": calendar.calendar,
    "calendar.page": calendar.turn_page,
    "arrange": arranging.show,
    "arrange.move": arranging.move,
    "arrange.cancel": arranging.cancel,
    "arrange.undo": arranging.undo,
    "day": checkup_days.show,
    "day.move": checkup_days.move,
    "day.cancel": checkup_days.cancel,
    "day.undo": checkup_days.undo,
    "day.file": checkup_days.file,
    "account": accounts.show,
    "account.make": accounts.make,
    "account.end": accounts.end,
    "own": own.own,
    "own.yes": own.yes,
    "own.no": own.no,
    "own.remind": own.remind,
    "own.consents": own.consents,
    "own.agree": own.agree,
    "own.withdraw": own.withdraw,
    "own.undo": own.undo,
    "own.benefits": benefits.own,
    "own.rate": satisfaction.rate,
    "own.stop": own.stop,
    "own.take": portable.own,
    "complaints": complaints.mine,
    "births": birth_totals.show,
    "births.new": birth_totals.new,
    "births.undo": birth_totals.undo,
    "complaint.new": complaints.new,
    "complaint.enter": complaints.enter,
    "complaint.see": complaints.show,
    "complaint.answer": complaints.answer,
    "complaint.unanswer": complaints.undo_answer,
    "complaint.undo": complaints.take_back,
    "ladder": ladders.ladder,
    "ladder.change": ladders.change,
    "ladder.undo": ladders.undo,
    "settings": settings.settings,
    "set.digest": settings.digest,
    "set.digest_at": settings.digest_at,
    "set.quiet": settings.quiet,
    "set.quiet_at": settings.quiet_at,
    "off": leaves.leave,
    "off.take": leaves.take,
    "off.end": leaves.end,
    "off.asked": leaves.asked,
    "off.decline": leaves.decline,
    "language": enrol.language,
    "lang": enrol.choose_language,
    "inv.role": staff.invite_role,
    "inv.place": staff.invite_place,
    "staff.ask": staff.ask_removal,
    "staff.remove": staff.remove,
    "staff.keep": staff.keep,
}
_MENU: Mapping[str, Handler] = {
    "menu.due": due.due,
    "menu.roster": rosters.roster,
    "menu.checkup": checkups.checkup,
    "menu.visit": visits.visit,
    "menu.register": residents.register,
    "menu.find": find.ask,
    "menu.todo": todo.todo,
    "menu.mine": mine.mine,
    "menu.status": status.status,
    "menu.meeting": meetings.meeting,
    "menu.decisions": decisions.decisions_list,
    "menu.calendar": calendar.calendar,
    "menu.own": own.own,
    "menu.complaints": complaints.desk,
    "menu.invite": staff.invite,
    "menu.staff": staff.staff_list,
    "menu.me": enrol.me,
    "menu.help": enrol.help_,
}

IN_GROUPS = frozenset({"status", "status.picture", "ask", "notice", "notice.here"})
"""Commands and buttons that a group may use: they answer with aggregates."""

FOR_STRANGERS = frozenset({"start", "help", "menu", "complaint", "own.yes", "own.no"})
"""What somebody who isn't enrolled can use: commands that tell how to be, the answer to a resident's own link, and that
to a complaint, which is for whoever has its code."""


def _guarded(name: str, handler: Handler) -> Handler:
    """Return `handler`, kept from groups and from strangers unless it is for them."""
    served = handler if name in FOR_STRANGERS else enrolled(handler)
    return served if name in IN_GROUPS else private(served)


COMMANDS = {name: _guarded(name, handler) for name, handler in _COMMANDS.items()}
TAPS = {action: _guarded(action, handler) for action, handler in _TAPS.items()}
MENU = {key: _guarded(key, handler) for key, handler in _MENU.items()}
