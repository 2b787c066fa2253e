"""The typeface of the text, inside the page: Source Serif 4 (SIL Open Font License), regular and italic, Latin.

And the licences of all that a page carries, as the build has listed them.
"""

import base64
import json
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dist" / "fonts"


@lru_cache(maxsize=None)
def text_fonts() -> str:
    """The @font-face rules. Without the build, none: the style sheet names what systems have instead."""
    rules = []
    for style, file in (("normal", "normal"), ("italic", "italic")):
        path = PACKAGE / f"source-serif-4-latin-wght-{file}.woff2"
        if path.exists():
            data = base64.b64encode(path.read_bytes()).decode("ascii")
            rules.append(
                f'@font-face{{font-family:"Glassbox Serif";font-style:{style};font-weight:200 900;'
                f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
            )
    return "".join(rules)


@lru_cache(maxsize=None)
def licences() -> dict | None:
    """A line for each thing that pages carry, and the texts of their licences."""
    path = ROOT / "dist" / "licences.json"
    return json.loads(path.read_text(encoding="utf8")) if path.exists() else None
