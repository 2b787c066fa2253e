"""What the course consists of: each notebook's number, title, promise, time, and its place among the others."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from faults import Faults

from notebook_file import NotebookFault, read_notebook


@dataclass
class Chapter:
    """One notebook as the index and its neighbours show it."""

    source: Path
    name: str  # file name without extension; also the name of the page
    number: str
    title: str
    summary: str
    time: str
    builds_on: str

    @property
    def page(self) -> str:
        """The name of its page's file."""
        return f"{self.name}.html"

    @property
    def href(self) -> str:
        """The address of its page, from another one."""
        return quote(self.page)

    @property
    def label(self) -> str:
        return f"{self.number} {self.title}".strip()


def read_course(folder: Path, faults: Faults) -> list[Chapter]:
    """Every notebook of a folder that can be read, in the order of the file names."""
    chapters = []
    for path in sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith(".")):
        try:
            chapters.append(chapter(path, read_notebook(path)))
        except NotebookFault as fault:
            faults.add(path.name, None, f"the file {fault}")
    return chapters


@dataclass
class Part:
    """Notebooks that belong together, under a heading of their own on the index."""

    title: str
    chapters: list[Chapter]


def parts_of_course(chapters: list[Chapter]) -> list[Part]:
    """The parts of the course itself: numbers below 10 are Part 0A, the others Part 0B, and what is looked up comes last."""
    titles = ["Part 0A · From one neuron to a trained network", "Part 0B · From sequences to a small GPT", "To look up"]
    parts = [Part(title, []) for title in titles]
    for chapter in chapters:
        parts[2 if "appendix" in chapter.name else 1 if chapter.number >= "10" else 0].chapters.append(chapter)
    return [part for part in parts if part.chapters]


def total_minutes(chapters: list[Chapter]) -> int:
    """The reading time of all of them; 0 when one does not say."""
    minutes = [int(found[0]) if (found := re.search(r"\d+", chapter.time)) else 0 for chapter in chapters]
    return sum(minutes) if all(minutes) else 0


def chapter(path: Path, notebook) -> Chapter:
    """
    The facts come from metadata "glassbox" {title, summary, time, buildsOn} where a notebook has it, else from the
    first markdown cell: the heading, the line below it ("*About 25 minutes. Builds on …*") and the first paragraph.
    """
    first = next((cell.source for cell in notebook.cells if cell.cell_type == "markdown"), "")
    given = notebook.metadata.get("glassbox", {})
    given = given if isinstance(given, dict) else {}
    heading = re.search(r"^#\s+(.+)$", first, re.M)
    title = given.get("title") or (heading[1].strip() if heading else path.stem)
    # A number, or a letter for an appendix, is one only with its sign behind it: "A quick look" has none.
    number = re.match(r"(\d{1,3}|[A-Z])\s*[.:·–—]\s+(?=\S)", title)
    file_number = re.match(r"(\d{1,3})(?=[-_. ])", path.stem)
    blocks = [block.strip() for block in re.split(r"\n\s*\n", first)]
    facts = next((block for block in blocks if re.match(r"[*_].*[*_]$", block, re.S)), "").strip("*_ ")
    paragraphs = [b for b in blocks if b and not re.match(r"(#|\||[-*] |[*_]\w|>|<|\$\$|!\[|```)", b)]
    return Chapter(
        source=path,
        name=path.stem,
        number=file_number[1] if file_number else (number[1] if number else ""),
        title=(title[number.end() :] if number else title).strip(),
        summary=given.get("summary") or (_whole_sentences(paragraphs[0]) if paragraphs else ""),
        time=given.get("time") or _first(r"(?:about )?\d+ minutes", facts),
        builds_on=given.get("buildsOn") or _first(r"(?<=builds on )[^.;]+", facts),
    )


def _whole_sentences(paragraph: str) -> str:
    """Without a last sentence that only leads over to a list: "At the end you will have"."""
    if re.search(r"[.?!][*_”\"]*$", paragraph):
        return paragraph
    whole = re.match(r"(.*[.?!])\s", paragraph, re.S)
    return whole[1] if whole else paragraph


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.I)
    return found[0].strip() if found else ""
