"""English words of questions; a comma parts them. A slip of a letter or two in a longer word is forgiven."""

from __future__ import annotations

from models.rules.questions.concepts import Concept

_C = Concept
WORDS: dict[Concept, str] = {
    _C.CHOICE: "informed choice, informed choices, informed",
    _C.EARLY: """
        early antenatal, early antenatal registration, antenatal, antenatal registration, early registration,
        early booking, early antenatal care
    """,
    _C.POSTNATAL: "postnatal, postnatal visit, postnatal visits, postpartum, after birth visit, postnatal care",
    _C.HYPERTENSION: "hypertension, hypertensive, hypertensives, htn, blood pressure, bp, high blood pressure",
    _C.DIABETES: "diabetes, diabetic, diabetics, blood sugar, glucose, sugar",
    _C.CHRONIC: "chronic, chronic disease, chronic diseases, chronic care",
    _C.CONTROL: "control, controlled, controls, under control, controlling, well controlled",
    _C.MANAGE: """
        look after, looked after, looking after, managed, management, to standard, manage, manages,
        managed to standard, standard
    """,
    _C.OVERDUE: "overdue, overdue visits, late, lateness, past due, missed visits, behind schedule",
    _C.DUE: """
        due, still need, still to visit, pending, outstanding, need a visit, needs a visit, remaining, still due,
        left to do, waiting, to be visited, not visited, unvisited
    """,
    _C.VISITED: "visited, been visited",
    _C.COMPLETED: "done, made, make, makes, completed, did, served, serve, do, carried out, seen, complete",
    _C.FOLLOWUP: "visit, visits, follow-up, follow-ups, followup, followups, follow up, follow ups, home visits",
    _C.TIMELY: "timeliness, timely, on time, in time, punctual, punctuality",
    _C.CHECKUP: """
        check-up, check-ups, checkup, checkups, check up, check-up day, checkup day, check up day, check-up days,
        checkup days, health check, examination day
    """,
    _C.OFFER: "offered, offer, offers, invited, notified, offering, invitation, invitations",
    _C.CAME: "came, come, attended, attend, turned up, showed up, turn up, show up, coming",
    _C.ATTENDANCE: "attendance, turnout, attendances, turn-out",
    _C.ABSENT: """
        absent, did not come, didnt come, did not attend, didnt attend, not come, no-show, no-shows, missed,
        not attend, havent come, hasnt come, didnt turn up, didnt show up
    """,
    _C.DECLINED: "declined, refused, refuse, decline, declines, refuses",
    _C.COMPLAINT: """
        complaint, complaints, complaining, anyone complaining, anybody complaining, complaints answered,
        complaints desk
    """,
    _C.SATISFACTION: "satisfaction, happy, people happy, content with, satisfied, satisfaction rate",
    _C.BENEFIT: """
        benefits, benefit, benefits coverage, benefit coverage, benefits paid, benefit payments, reward assistance,
        special assistance, only-child award, only child award, their money, the money, money paid, money paid out
    """,
    _C.SEX_RATIO: "sex ratio, sex ratio at birth, gender ratio",
    _C.REPORT_FILE: """
        the report, a report, monthly report, quarterly report, yearly report, annual report, my report, report for,
        report of, pdf, excel, workbook, spreadsheet, the monthly report, the quarterly report, the annual report
    """,
    _C.SCORE: "score, scores, scorecard, scorecards, scored",
    _C.TARGET: "target, targets, goal, goals",
    _C.NOTICE: "notice, notices, public notice, public notices",
    _C.DECISION: """
        decision, decisions, decide, decided, action items, action item, agreed at the meeting, what was agreed,
        meeting decide, meeting decided
    """,
    _C.TRUST: "right, correct, accurate, reliable, trustworthy, trust, made up, faked",
    _C.HELP: """
        help, what can you do, what can i ask, what can i ask you, what do you do, what do you know,
        how does this work, how do i use this, what can be asked,
        what should i do, what to do, what do i do
    """,
    _C.REPORT: "reported, report, reports, submitted, submit",
    _C.REPORTING: "reporting",
    _C.UNREPORTED: """
        done reporting, finished reporting, reported in full, all reported, not reported, hasnt reported,
        havent reported, didnt report, did not report, not report, has not reported, have not reported,
        yet to report, unreported, missing reports, missing report, reported yet, not submitted, hasnt submitted,
        havent submitted, hasnt sent, havent sent, didnt send, no report, without report, still to report
    """,
    _C.RATE: "rate, rates, percentage, percent, share, %, proportion",
    _C.HOW_MANY: "how many, how much, number of, number, count, hm, total, figure, how large, how high",
    _C.WHICH_VILLAGE: "which village, which villages, what village, what villages, where, which of the villages",
    _C.EACH_VILLAGE: """
        by village, by villages, per village, each village, every village, all villages, village by village,
        for each village, all the villages, across villages, breakdown, villages with, villages without, villages that
    """,
    _C.VILLAGE: "village, villages",
    _C.COMMUNITY: "community, communities, which community",
    _C.WHICH: "which",
    _C.WHO: """
        who, whom, whose, which women, which people, which person, which residents, which patients, whos, anyone,
        anybody, which woman, who all
    """,
    _C.NAMES: """
        manager, managers, in charge, in charge of, responsible, responsible for, names, name, phone numbers,
        phone number, named, list of people, list of names, id numbers
    """,
    _C.MOST: "most, highest, largest, biggest, top, greatest, more than others",
    _C.LEAST: "fewest, lowest, least, smallest, bottom",
    _C.BEST: "best, leading, ahead",
    _C.WORST: """
        behind, worst, poorest, lagging, weakest, worry, worry about, worried about, worried, concerned about, problem,
        problems, attention, need attention, needs attention
    """,
    _C.MORE: "more, higher, better",
    _C.LESS: "fewer, less, lower, worse",
    _C.COMPARE: """
        compare, compared, comparison, vs, versus, than, change, changed, changes, up or down, better or worse,
        increase, increased, decrease, decreased, improve, improved, up, down, difference, rise, risen, fallen,
        trend, gone up, gone down, against
    """,
    _C.SINCE_LAST: "on the previous period, month on month, quarter on quarter",
    _C.SINCE_LAST_YEAR: """
        a year ago, same period last year, same time last year, year on year, a year earlier, yoy,
        same month last year
    """,
    _C.AND: "and, with, to, on, or, &",
    _C.DEFINE: """
        define, definition, mean, means, meaning, calculated, computed, worked out, calculate, measured,
        how is it counted, counted, defined, explain, formula, denominator, numerator, definition of, stand for
    """,
    _C.WHEN: "when, date, what day, which day, what date, what time, whens, dates, schedule, time of",
    _C.NEXT: "next, upcoming, nxt, coming up, following",
    _C.MEETING: "joint meeting, meeting, meetings, joint meetings, meet, next meeting, agenda, the agenda",
    _C.STATUS: """
        status, situation, overview, progress, how are we doing, how is it going, hows it going, how are things,
        how r things, whats up, whats new, summary, state of things, how things stand, state of play, doing,
        going, how are things going, whats the situation, performance, performing, picture,
        chart, graph, the picture, the chart, how bad, how bad is it
    """,
    _C.HOW: "how, hows",
    _C.WHY: "why, how come, what is the reason, whats the reason",
    _C.SINCE: "since, so far, to date, until now, till now, up to now",
    _C.UNTIL: "to, through, until, till, -",
    _C.PREGNANCY: "pregnant, pregnancy, pregnancies, expecting, menstrual, period dates, permit, permits",
    _C.BIRTHS: """
        birth target, birth targets, births, birth, newborns, babies, birth quota, birth rate, second child,
        born, children, fertility, baby
    """,
    _C.METHODS: """
        iud, iuds, sterilisation, sterilization, sterilised, sterilized, sterilisations, contraceptive,
        contraceptives, contraception, tubal ligation, vasectomy, vasectomies, implants, abortions, abortion,
        implant
    """,
    _C.BUDGET: "budget, budgets, spending, spent, funding",
    _C.PETITION: "petition, petitions, petitioner, petitioners, petitioned",
    _C.FEE: "social maintenance fee, maintenance fee, fines, fine, fees, fee",
    _C.SEX: "fetal sex, sex of the baby, boy or girl, ultrasound, boys, girls, boy, girl, gender of",
    _C.FILLER: """
        the, a, an, of, in, at, for, is, are, was, were, be, been, has, have, had, does, did, do, we, our, us,
        you, your, i, me, my, it, its, there, that, this, these, those, what, whats, please, pls, plz, show,
        tell, give, list, see, get, let, know, can, could, would, like, want, now, currently, current,
        at the moment, today so far, people, persons, residents, patients, person, many, much, all, any, yet,
        still, rn, ok, hi, hello, hey, from, township, town, overall, whole, figures, numbers, data, by, per,
        was there, then, so, just, thanks, thank you, by the way, were there, as of, about, go, went, need,
        needs, r, u, get me, look at, fitted, not, each, only, across the township, during, over, under, they,
        their, them, right now, ive, id, im, find out, women, woman, men, households, cases, case,
        when it comes to, out, far, yes, no, new, fast, quickly, well, gotten, come to,
        should, must, everyone, everybody, got
    """,
}
"""Words by what they stand for, in lower case without apostrophes."""
