"""What the course consists of: each notebook's number, title, promise, time, and its place among the others."""

import re
from dataclasses import dataclass
from pathlib import Path

import nbformat


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
        return f"{self.name}.html"


def read_course(folder: Path) -> list[Chapter]:
    """Every notebook of a folder, in the order of the file names."""
    paths = sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))
    return [chapter(path, nbformat.read(path, as_version=4)) for path in paths]


def chapter(path: Path, notebook) -> Chapter:
    """
    The facts come from metadata "glassbox" {title, summary, time, buildsOn} where a notebook has it, else from the
    first markdown cell: the heading, the first paragraph, and the words after "Time:" and "Builds on:".
    """
    first = next((cell.source for cell in notebook.cells if cell.cell_type == "markdown"), "")
    given = notebook.metadata.get("glassbox", {})
    heading = re.search(r"^#\s+(.+)$", first, re.M)
    title = given.get("title") or (heading[1].strip() if heading else path.stem)
    number = re.match(r"(?:Part )?(\d+|[A-Z](?=\b))\s*[.:·–—-]?\s+", title)
    file_number = re.match(r"(\d+|[A-Z])(?=-)", path.stem)
    paragraphs = [
        block.strip()
        for block in re.split(r"\n\s*\n", first)
        if block.strip() and not re.match(r"\s*(#|\||[-*] |>|<|\$\$|!\[|```)", block)
    ]
    return Chapter(
        source=path,
        name=path.stem,
        number=file_number[1] if file_number else (number[1] if number else ""),
        title=(title[number.end() :] if number else title).strip(),
        summary=given.get("summary") or (paragraphs[0] if paragraphs else ""),
        time=given.get("time") or _after(first, r"(?:time|takes|reading time)"),
        builds_on=given.get("buildsOn") or _after(first, r"builds on"),
    )


def _after(text: str, label: str) -> str:
    """What follows a label such as **Time:** up to the next separator."""
    found = re.search(rf"\**{label}:?\**:?\s*([^\n|·]+)", text, re.I)
    return re.sub(r"[*.]+\s*$", "", found[1].strip()).strip() if found else ""
