"""The full text of the course, by section, packed for the search that every page carries."""

import base64
import gzip
import json
import re

from prose import Contents, sections


def pack(rows) -> str:
    """JSON [[page, chapter, anchor, heading, prose, code], …], gzipped, in base64: the browser unpacks it when it is asked."""
    text = json.dumps(list(rows), ensure_ascii=False, separators=(",", ":"))
    # mtime 0: the same course gives the same bytes.
    return base64.b64encode(gzip.compress(text.encode("utf8"), 9, mtime=0)).decode("ascii")


def sections_of(chapter, notebook, page) -> list[list[str]]:
    """Prose and code of each section apart: a search shows what is said before how it is written."""
    contents = Contents()
    rows = [[chapter.href, chapter.label, "", chapter.label, "", ""]]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            before, rest = sections(cell.source, page, contents, cell.get("attachments"))
            rows[-1][4] += f" {before}"
            rows += [[chapter.href, chapter.label, anchor, heading, text, ""] for anchor, heading, text in rest]
        elif cell.cell_type == "code":
            rows[-1][5] += " " + re.sub(r"\s+", " ", cell.source)
    return [[*row[:4], row[4].strip(), row[5].strip()] for row in rows if any(row[3:])]
