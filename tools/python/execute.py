"""Execute notebooks in the kernel they name, one after the other, and report every step as a line of JSON.

    python execute.py --out FOLDER [--timeout SECONDS] NOTEBOOK...

Each notebook that runs to its end is written to FOLDER, outputs and execution counts filled in. The first cell that
fails ends the run: exit code 1. The notebooks themselves are only read.

Events, one JSON object a line on stdout:
    {"event": "notebook", "notebook", "cells"}                          a notebook begins, its code cells counted
    {"event": "cell", "notebook", "cell", "id"}                         code cell number `cell` (from 1) begins
    {"event": "done", "notebook", "seconds", "messages"}                it is written; `messages` the kernel sent
    {"event": "failed", "notebook", "cell", "id", "source", "error"}    the end
"""

import argparse
import asyncio
import json
import logging
import os
import sys
import time
from pathlib import Path

# jsonschema, which nbformat loads, checks internationalised addresses with this if it can. Building its grammar takes
# more than a second, and no notebook holds such an address in its structure.
sys.modules["rfc3987_syntax"] = None

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def report(**event):
    print(json.dumps(event), flush=True)


class Client(NotebookClient):
    """A notebook client that counts what the kernel sends."""

    messages = 0

    def process_message(self, msg, cell, cell_index):
        self.messages += 1
        return super().process_message(msg, cell, cell_index)


class CellDropped(Exception):
    """The kernel answered without running the cell, as tslab does for a moment after an error."""


def merge_streams(cell):
    """Neighbouring prints become one output: the kernel sends each line by itself."""
    merged = []
    for output in cell.outputs:
        before = merged[-1] if merged else None
        if before and output.output_type == "stream" == before.output_type and output.name == before.name:
            before.text += output.text
        else:
            merged.append(output)
    cell.outputs = merged


def printed_error(cell):
    """What the cell wrote to stderr. tslab reports an error there, and nothing about it in its reply."""
    parts = []
    for output in cell.get("outputs", []):
        if output["output_type"] == "stream" and output["name"] == "stderr":
            parts.append(output["text"])
        elif output["output_type"] == "error":
            parts.append("\n".join(output.get("traceback") or [f"{output['ename']}: {output['evalue']}"]))
    return "".join(parts).strip()


def execute(path, out, timeout):
    """Run one notebook. Returns whether it ran to its end."""
    notebook = nbformat.read(path, as_version=4)
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    name = path.name
    current = {"cell": 0, "id": "", "source": ""}
    report(event="notebook", notebook=name, cells=len(code_cells))

    def cell_begins(cell, cell_index):
        if cell in code_cells:
            current.update(cell=current["cell"] + 1, id=cell.get("id", ""), source=cell.source)
            report(event="cell", notebook=name, cell=current["cell"], id=current["id"])

    def cell_ended(cell, cell_index, execute_reply):
        merge_streams(cell)
        if execute_reply["content"]["status"] not in ("ok", "error"):
            raise CellDropped

    async def cell_erred(cell, cell_index, execute_reply):
        # Where the error is wanted (tag raises-exception) the next cell must wait: tslab drops what it is asked
        # in the 200 ms after an error.
        await asyncio.sleep(0.4)

    client = Client(
        notebook,
        timeout=timeout,
        # The reply is there but the outputs are not all: messages were lost. nbconvert would only warn.
        iopub_timeout=10,
        raise_on_iopub_timeout=True,
        # The kernel runs where the notebook lies, so that its imports and relative paths are those of the notebook.
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_execute=cell_begins,
        on_cell_executed=cell_ended,
        on_cell_error=cell_erred,
        # No timings and no counts from an earlier run in the copy: equal runs give equal files.
        record_timing=False,
    )

    def failed(error):
        report(event="failed", notebook=name, error=error, **current)
        return False

    started = time.monotonic()
    try:
        client.execute()
    except CellTimeoutError as error:
        if "IOPub" in str(error):
            return failed("Output of the kernel was lost: the cell ended, but not all of its messages arrived.")
        return failed(f"The cell was still running after {timeout} s.")
    except CellExecutionError as error:
        running = next((cell for cell in notebook.cells if cell.get("id") == current["id"]), {})
        return failed(printed_error(running) or str(error))
    except DeadKernelError:
        return failed("The kernel ended while the cell was running.")
    except CellDropped:
        return failed("The kernel dropped the cell without running it.")
    except RuntimeError as error:
        return failed(f"The kernel did not start: {error}")

    target = out / name
    partial = target.with_suffix(f".{os.getpid()}")
    nbformat.write(notebook, partial)
    partial.replace(target)
    report(event="done", notebook=name, seconds=round(time.monotonic() - started, 2), messages=client.messages)
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--timeout", type=int, default=600)
    parser.add_argument("notebooks", type=Path, nargs="+")
    options = parser.parse_args()
    # nbclient logs each failure once more; the event says it all.
    logging.disable(logging.CRITICAL)
    options.out.mkdir(parents=True, exist_ok=True)
    for path in options.notebooks:
        if not execute(path.resolve(), options.out, options.timeout):
            sys.exit(1)


if __name__ == "__main__":
    main()
