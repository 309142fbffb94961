"""Who the key accounts are, what each is worth, and where we are the weaker side.

Every function takes the table of `customers.table`, one row an account. Criteria are given as ``{column: weight}``;
a negative weight says that less is better. A missing figure takes its criterion out for that account alone, and the
result says so.
"""

from kamlib.keyaccounts.balance import DEPENDENCE, IFRS_MAJOR_CUSTOMER, MATERIAL, dependence
from kamlib.keyaccounts.criteria import SCALINGS, score, stability
from kamlib.keyaccounts.matrix import ATTRACTIVENESS, POSITION, QUADRANTS, portfolio
from kamlib.keyaccounts.selection import SHARE, SIZE, abc, changes, key_accounts
from kamlib.keyaccounts.worth import value, waterfall

__all__ = [
    "ATTRACTIVENESS",
    "DEPENDENCE",
    "IFRS_MAJOR_CUSTOMER",
    "MATERIAL",
    "POSITION",
    "QUADRANTS",
    "SCALINGS",
    "SHARE",
    "SIZE",
    "abc",
    "changes",
    "dependence",
    "key_accounts",
    "portfolio",
    "score",
    "stability",
    "value",
    "waterfall",
]
