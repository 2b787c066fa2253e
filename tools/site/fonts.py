"""The typeface of the text, inside the page: Source Serif 4 (SIL Open Font License), regular and italic, Latin."""

import base64
from functools import lru_cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "node_modules" / "@fontsource-variable" / "source-serif-4"


@lru_cache(maxsize=None)
def text_fonts() -> str:
    """The @font-face rules. Without the package, none: the style sheet names what systems have instead."""
    rules = []
    for style, file in (("normal", "normal"), ("italic", "italic")):
        path = PACKAGE / "files" / f"source-serif-4-latin-wght-{file}.woff2"
        if path.exists():
            data = base64.b64encode(path.read_bytes()).decode("ascii")
            rules.append(
                f'@font-face{{font-family:"Glassbox Serif";font-style:{style};font-weight:200 900;'
                f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
            )
    return "".join(rules)
