"""What words of a question may stand for."""

from __future__ import annotations

from enum import Enum, auto


class Concept(Enum):
    """A meaning of a word. Together they make up what is asked; see `indicators` and `understand`."""

    # What is counted.
    CHOICE = auto()
    EARLY = auto()
    POSTNATAL = auto()
    HYPERTENSION = auto()
    DIABETES = auto()
    CHRONIC = auto()
    """高血压 and 糖尿病 in one word."""
    CONTROL = auto()
    MANAGE = auto()
    OVERDUE = auto()
    DUE = auto()
    VISITED = auto()
    COMPLETED = auto()
    FOLLOWUP = auto()
    TIMELY = auto()
    CHECKUP = auto()
    OFFER = auto()
    CAME = auto()
    ATTENDANCE = auto()
    ABSENT = auto()
    DECLINED = auto()
    COMPLAINT = auto()
    SATISFACTION = auto()
    BENEFIT = auto()
    REPORT = auto()
    REPORTING = auto()
    UNREPORTED = auto()
    RATE = auto()
    # What is asked about it.
    HOW_MANY = auto()
    WHICH_VILLAGE = auto()
    THAT_VILLAGE = auto()
    """那个村, often a slip for 哪个村."""
    EACH_VILLAGE = auto()
    VILLAGE = auto()
    COMMUNITY = auto()
    WHICH = auto()
    WHO = auto()
    MOST = auto()
    LEAST = auto()
    BEST = auto()
    WORST = auto()
    MORE = auto()
    LESS = auto()
    FIRST_FEW = auto()
    LAST_FEW = auto()
    COMPARE = auto()
    AND = auto()
    SINCE_LAST = auto()
    """环比: with the period before."""
    SINCE_LAST_YEAR = auto()
    """同比: with the same period of the year before."""
    DEFINE = auto()
    WHEN = auto()
    NEXT = auto()
    MEETING = auto()
    STATUS = auto()
    HOW = auto()
    SINCE = auto()
    UNTIL = auto()
    WHY = auto()
    # What is shown elsewhere.
    SEX_RATIO = auto()
    REPORT_FILE = auto()
    SCORE = auto()
    TARGET = auto()
    NOTICE = auto()
    DECISION = auto()
    """What a meeting decided."""
    TRUST = auto()
    """Whether figures are right."""
    HELP = auto()
    # What is not told.
    NAMES = auto()
    PREGNANCY = auto()
    BIRTHS = auto()
    METHODS = auto()
    FEE = auto()
    BUDGET = auto()
    PETITION = auto()
    """上访: going to higher offices with a grievance."""
    SEX = auto()
    FILLER = auto()
