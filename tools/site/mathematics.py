"""Formulas, typeset while exporting, and the fonts they need, so that a page loads nothing to show them."""

import base64
import json
import re
import subprocess
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
#: As a package we lie in the folder where the others are.
MODULES = ROOT.parent if ROOT.parent.name == "node_modules" else ROOT / "node_modules"
KATEX = MODULES / "katex" / "dist"


class HelperGone(Exception):
    """The Node process that the exporter asks has ended."""


class Refused(Exception):
    """Node's answer was an error: KaTeX does not understand a formula, or a figure cannot be drawn."""


class Helper:
    """A Node process that answers for as long as the export runs. Use as a context manager."""

    def __enter__(self):
        self._process = subprocess.Popen(
            ["node", str(HERE / "helper.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf8",
        )
        self._known = {}
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait()

    def typeset(self, tex: str, display: bool, scope: str) -> str:
        """The HTML of one formula of the notebook `scope`. Raises Refused."""
        return self.ask(tex=tex.strip(), display=display, scope=scope)["html"]

    def ask(self, **question) -> dict:
        """Any question of helper.mjs; the same question is asked once."""
        line = json.dumps(question)
        if line not in self._known:
            self._known[line] = self._ask(line)
        answer = self._known[line]
        if "error" in answer:
            raise Refused(answer["error"])
        return answer

    def _ask(self, line):
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise HelperGone("the helper in Node ended; is katex installed (npm install)?")
        return json.loads(answer)


def formula_css(html: str) -> str:
    """KaTeX's style sheet with the fonts that `html` uses inside it, and no others."""
    if 'class="katex' not in html:
        return ""
    used = set(re.findall(r"[\w-]+", " ".join(re.findall(r'class="([^"]*)"', html))))
    sheet, faces = _style_sheet()
    wanted = {("KaTeX_Main", "normal", "400")}
    for classes, font in _font_rules():
        if classes <= used:
            wanted.add(font)
    # A rule may ask for a weight or slant of a family that another rule names: keep what exists of the asked-for.
    embedded = [_embed(faces[font]) for font in sorted(wanted) if font in faces]
    return "".join(embedded) + sheet


@lru_cache(maxsize=None)
def _style_sheet():
    """The sheet without its @font-face rules, and those rules' files by (family, style, weight)."""
    css = (KATEX / "katex.min.css").read_text(encoding="utf8")
    faces = {}
    for block in re.findall(r"@font-face\{[^}]*\}", css):
        family = re.search(r"font-family:\"?([\w]+)", block)[1]
        style = re.search(r"font-style:(\w+)", block)[1]
        weight = re.search(r"font-weight:(\w+)", block)[1].replace("normal", "400").replace("bold", "700")
        file = re.search(r"url\(fonts/([\w-]+\.woff2)\)", block)[1]
        faces[(family, style, weight)] = (family, style, weight, file)
    return re.sub(r"@font-face\{[^}]*\}", "", css), faces


@lru_cache(maxsize=None)
def _font_rules():
    """For each rule that chooses a font: the classes it takes, and the font."""
    sheet, _ = _style_sheet()
    rules = []
    for selectors, body in re.findall(r"([^{}]+)\{([^}]*)\}", sheet):
        family = re.search(r"font(?:-family)?:[^;]*?(KaTeX_\w+)", body)
        if not family:
            continue
        style = "italic" if re.search(r"font-style:italic", body) else "normal"
        weight = "700" if re.search(r"font-weight:(700|bold)", body) else "400"
        for selector in selectors.split(","):
            rules.append((set(re.findall(r"\.([\w-]+)", selector)), (family[1], style, weight)))
    return rules


@lru_cache(maxsize=None)
def _embed(face):
    family, style, weight, file = face
    data = base64.b64encode((KATEX / "fonts" / file).read_bytes()).decode("ascii")
    return (
        f"@font-face{{font-family:{family};font-style:{style};font-weight:{weight};font-display:block;"
        f"src:url(data:font/woff2;base64,{data}) format('woff2')}}"
    )
