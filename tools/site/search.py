"""The full text of the course, by section, packed for the search that every page carries."""

import base64
import gzip
import json
import re

import nbformat

from course import Chapter
from mathematics import FormulaError
from prose import Contents, plain_text, render

HEADING = re.compile(r'<h([1-4]) id="([^"]*)">(.*?)</h\1>', re.S)


def search_index(chapters: list[Chapter], executed, typesetter) -> str:
    """JSON [[page, chapter, anchor, heading, text], …], gzipped, in base64: the browser unpacks it when it is asked."""
    sections = []
    for chapter in chapters:
        path = executed / chapter.source.name
        if path.exists():
            sections += _sections(chapter, nbformat.read(path, as_version=4), typesetter)
    text = json.dumps(sections, ensure_ascii=False, separators=(",", ":"))
    # mtime 0: the same course gives the same bytes.
    return base64.b64encode(gzip.compress(text.encode("utf8"), 9, mtime=0)).decode("ascii")


def _sections(chapter, notebook, typesetter):
    contents = Contents()
    name = f"{chapter.number} {chapter.title}".strip()
    sections = [[chapter.page, name, "", name, ""]]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            try:
                html = render(cell.source, typesetter, contents)
            except FormulaError as error:
                raise FormulaError(f'{chapter.source.name}, cell "{cell.id}": {error}') from None
            # Text, then level, anchor, heading and text again for each heading.
            first, *rest = HEADING.split(html)
            sections[-1][4] += f" {plain_text(first)}"
            for _, anchor, heading, text in zip(*[iter(rest)] * 4):
                heading = plain_text(re.sub(r'<a class="anchor".*?</a>', "", heading))
                sections.append([chapter.page, name, anchor, heading, plain_text(text)])
        elif cell.cell_type == "code":
            sections[-1][4] += " " + re.sub(r"\s+", " ", cell.source)
    return [section[:4] + [section[4].strip()] for section in sections if section[3] or section[4]]
