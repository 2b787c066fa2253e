"""Markdown cells to HTML: nbconvert's own renderer, with formulas typeset, headings listed and links made local."""

import re
from html import escape, unescape
from urllib.parse import quote

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


#: A formula of so many letters of TeX stays on one line; a longer one may be broken where it has a relation.
SHORT = 40
#: Marks the end of such a formula while the text after it is not yet known.
END = "<!--tex-->"


class Contents:
    """The headings of one page, in order; hands out an anchor for each."""

    def __init__(self):
        self.entries = []
        self._taken = set()

    def add(self, html: str, level: int) -> str:
        text = plain_text(html)
        # The anchor JupyterLab makes of the same heading, so that a link works in both.
        anchor = wanted = quote(text.replace(" ", "-"), safe="?/:@!$&'()*+,;=")
        number = 2
        while anchor in self._taken:
            anchor = f"{wanted}-{number}"
            number += 1
        self._taken.add(anchor)
        self.entries.append({"level": level, "anchor": anchor, "html": html, "text": text})
        return anchor


class ProseRenderer(IPythonRenderer):
    """What differs from nbconvert's renderer."""

    def __init__(self, typesetter, contents, **options):
        super().__init__(escape=False, **options)
        self._typesetter = typesetter
        self._contents = contents

    def block_math(self, body):
        return f'<span class="formula">{self._typesetter.typeset(body, display=True)}</span>'

    def inline_math(self, body):
        html = self._typesetter.typeset(body, display=False)
        return f'<span class="tex">{html}{END}</span>' if len(body) <= SHORT else html

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def heading(self, text, level, **_):
        anchor = self._contents.add(text, level)
        name = escape(plain_text(text), quote=True)
        link = f'<a class="anchor" href="#{anchor}" aria-label="Link to “{name}”">#</a>' if level > 1 else ""
        return f'<h{level} id="{anchor}">{text}{link}</h{level}>\n'

    def link(self, text, url, title=None):
        # From notebook to notebook, as in JupyterLab; from page to page here.
        return super().link(text, re.sub(r"^([\w./-]+)\.ipynb(?=#|$)", r"\1.html", url), title)

    def table(self, text):
        """Tables scroll by themselves where the window is narrower."""
        return f'<div class="wide"><table>\n{text}</table></div>\n'

    def table_cell(self, text, align=None, head=False):
        """As the table plugin renders it; but a corner without a word in it is a cell, not a heading."""
        tag = "th" if head and text.strip() else "td"
        style = f' style="text-align:{align}"' if align else ""
        scope = ' scope="col"' if tag == "th" else ""
        return f"  <{tag}{scope}{style}>{text}</{tag}>\n"


def render(source: str, typesetter, contents: Contents) -> str:
    renderer = ProseRenderer(typesetter, contents)
    markdown = MarkdownWithMath(renderer=renderer)
    # The table plugin has registered its own wrapper by now; ours is a method and is asked first.
    html = markdown.render(source)
    # A comma stays with its formula.
    return re.sub(rf"{END}</span>([.,:;!?)]*)", r"\1</span>", html)


def plain_text(html: str) -> str:
    """The text of a piece of HTML; of a formula, its TeX source."""
    html = re.sub(r'<span class="katex-html".*?</span>(?=</span>$|</span>[^<])', "", html, flags=re.S)
    tex = re.sub(
        r'<span class="katex">.*?<annotation encoding="application/x-tex">(.*?)</annotation>.*?</math></span>'
        r'(?:<span class="katex-html".*?(?:</span>)+)?',
        r"\1",
        html,
        flags=re.S,
    )
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", tex))).strip()
