"""What a page cannot show as it was meant: collected while exporting, told at the end, one line each."""

import re


class Faults:
    """Each fault names the notebook, the cell, what is wrong and what to do."""

    def __init__(self):
        self.lines: list[str] = []

    def add(self, notebook: str, cell: str | None, what: str) -> None:
        where = f'{notebook}, cell "{cell}"' if cell else notebook
        line = re.sub(r"\s+", " ", f"{where}: {what}").strip()
        if line not in self.lines:
            self.lines.append(line)
