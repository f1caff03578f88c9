"""Hold the English words that say nothing about anyone's work."""

_ENGLISH = """
a about above across after again against all almost along already also although always am among an and another
any anyone anything are around aren as at b be became because become becomes been before being below between
both but by can cannot could couldn d did didn do does doesn doing don done down during e each eg either else
etc even ever every everyone everything except f few for from further g get gets got h had has hasn have haven
having he hence her here hers herself him himself his how however i ie if in indeed into is isn it its itself j
just k l least less ll m many may me meanwhile might mine more moreover most much must my myself n namely
neither never nevertheless next no nobody none nor not nothing now o of off often on once one only onto or other
others otherwise our ours ourselves out over own p per perhaps q quite rather re s same see seem seems several
shall she should shouldn since so some someone something sometimes somewhere still such t than that the their
theirs them themselves then there thereby therefore these they this those though through throughout thus to
together too toward towards u under until up upon us v ve very via w was wasn we well were weren what whatever
when whenever where whereas wherever whether which while who whole whom whose why will with within without would
wouldn x y yes yet you your yours yourself yourselves z
"""

STOP_WORDS = frozenset(_ENGLISH.split())
