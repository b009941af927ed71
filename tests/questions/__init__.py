"""Questions as leaders, deputies, clinics and managers type them, with how each is to be understood.

They were written before there was anything that understands them, and are not changed to suit it. `heldout.tsv` was
drawn by lot from all 300 and was not looked at while rules were written. `later.tsv` was written when there were rules:
52 of the first 60 of them and 54 of the next 60 were understood at first sight, before words were added for the rest;
51 are of 70 that were written as people talk, of which 42 were understood; 58 are what leaders may say who know nothing of
the rules (vague, rude, on top of an answer), of which 30 were understood; the last 9 are those of 50 more that were answered
wrongly.

| column | |
| --- | --- |
| messy | whether it has slips: typos, homophones, pinyin, fillers, missing words |
| today | the day on which it is asked |
| intent | `status`, `figure` (one number), `villages` (one number for each village), `most`, `least`, `compare` (with an earlier period), `unreported`, `meeting`, `checkup_day`, `define`, `ask` (several meanings: all are to be offered), `refuse` |
| indicator | its code; for `refuse` the reason: `names`, `pregnancy`, `births`, `methods`, `fee`, `sex`, `unknown`, `petitions`, `budget`, or what has a screen of its own: `sex_ratio`, `reports`, `scores`, `targets`, `notices`, `decisions`, `trust`, `help` |
| villages | `+` between several that are asked about, `/` between several that may be meant; none: the township |
| period | a month, a quarter, a half year, a year, a day, or `first..last`; none: nothing is said of it, so this month is assumed |
| more | `top=` how many villages, `versus=` the period to compare with |
"""  # noqa: E501
