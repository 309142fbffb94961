"""One page before the conversation with a customer: who it is, what is open, and three points to talk about.

The page is made of blocks and the points of candidates; either is a function of one `Case`, named in a tuple
(`blocks.BLOCKS`, `points.CANDIDATES`), so that a new one is one function more.
"""

from kamlib.brief.blocks import Block
from kamlib.brief.page import Brief, of, write
from kamlib.brief.points import Point

__all__ = ["Block", "Brief", "Point", "of", "write"]
