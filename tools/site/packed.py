"""What a page carries packed: gzip in base64, which a browser unpacks by itself (src/page/packed.ts)."""

import base64
import gzip
import re

#: Below this, packing saves less than a reader could notice.
LEAST = 10_000

_FIGURE = re.compile(r'<script type="application/json" class="gb-data">([^<]*)</script>')


def pack(text: str) -> str:
    # No time stamp: the same text gives the same bytes.
    return base64.b64encode(gzip.compress(text.encode("utf8"), 9, mtime=0)).decode("ascii")


def with_packed_figures(page: str) -> str:
    """The page with the numbers of its larger figures packed. They are unpacked when the figure is drawn."""

    def packed(match: re.Match) -> str:
        if len(match[1]) < LEAST:
            return match[0]
        return f'<script type="application/json" class="gb-data gb-packed">{pack(match[1])}</script>'

    return _FIGURE.sub(packed, page)
