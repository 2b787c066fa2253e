"""Execute notebooks in the kernel they name, one after the other, and report every step as a line of JSON.

    python execute.py --out FOLDER [--timeout SECONDS] [--connections FOLDER] [NOTEBOOK...]

Each notebook that runs to its end is written to FOLDER, outputs and execution counts filled in. A failing cell ends
its notebook, not the others; the exit code is then 1. The notebooks themselves are only read. What a kernel is reached
by, with its key, is kept in --connections while it runs. A disk that cannot be written ends the work, with one line on
stderr that begins with "execute: ".

Events, one JSON object a line on stdout:
    {"event": "notebook", "notebook", "cells"}                          a notebook begins, its code cells counted
    {"event": "cell", "notebook", "cell", "id"}                         code cell number `cell` (from 1) begins
    {"event": "done", "notebook", "seconds", "messages"}                it is written; `messages` the kernel sent
    {"event": "warning", "notebook", "message"}                         something its page cannot show
    {"event": "failed", "notebook", "cell", "id", "source", "error"}    its end; cell 0: no cell was to blame
"""

import argparse
import asyncio
import errno
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from notebook_file import NotebookFault, kernel_name, read_notebook

import nbformat
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionComplete, CellExecutionError, CellTimeoutError, DeadKernelError

#: Seconds without any message, after a cell has ended, that mean that the rest of its output was lost.
SILENCE = 10

#: Milliseconds that timers which cells have left running may take before the notebook ends.
PATIENCE = 2000

#: tslab and its JavaScript sibling: what our kernel (tools/kernel) adds to them can be asked for.
OURS = ("tslab", "jslab")
SETTLE = f'await Reflect.get(globalThis, Symbol.for("glassbox.settle"))?.({PATIENCE})'

ROOT = Path(__file__).resolve().parents[2]


def report(**event):
    print(json.dumps(event), flush=True)


class CellDropped(Exception):
    """The kernel answered without running the cell, as tslab does for a moment after an error."""


class OutputLost(Exception):
    """The cell ended, but not all of its messages arrived. nbconvert would only warn."""


class LostError(Exception):
    """A cell ended well, but something it started failed later, where nothing could catch it."""

    def __init__(self, cell, text):
        super().__init__(text)
        self.cell = cell


class Stopped(Exception):
    """Somebody sent SIGTERM or SIGINT. nbclient has ended the kernel, and failed on its absence."""


class UntilSilent:
    """Waits for the rest of a cell's output as long as anything arrives. (nbclient limits the whole of it.)"""

    def __init__(self, client, task):
        self._client = client
        self._task = task

    def __await__(self):
        return self._wait().__await__()

    async def _wait(self):
        while not self._task.done():
            seen = self._client.messages
            await asyncio.wait({self._task}, timeout=SILENCE)
            if not self._task.done() and self._client.messages == seen:
                raise OutputLost
        return self._task.result()


class Client(NotebookClient):
    """A notebook client that also hears what earlier cells still send, and sees how a kernel ended."""

    messages = 0
    exit_code = None

    def __init__(self, notebook, connections, **options):
        super().__init__(notebook, **options)
        self._connections = connections
        self._cells = {}  # by the message that started each
        self.lost = []

    def run(self, **options):
        """Execute the notebook, unless a signal ends it."""
        try:
            self.execute(**options)
        except Exception as error:
            # What nbclient does on a signal leaves this behind, and then whatever comes of a kernel that is gone.
            if getattr(self, "_async_cleanup_kernel_future", None) is None:
                raise
            raise Stopped from error

    def create_kernel_manager(self):
        """Left to itself, Jupyter keeps the key of a kernel in the folder for everybody's temporary files."""
        manager = super().create_kernel_manager()
        if self._connections:
            manager.connection_file = str(self._connections / f"kernel-{uuid.uuid4()}.json")
        return manager

    async def _async_poll_output_msg(self, parent_msg_id, cell, cell_index):
        self._cells[parent_msg_id] = (cell, cell_index)
        while True:
            message = await self.kc.iopub_channel.get_msg(timeout=None)
            self.messages += 1
            sender = message["parent_header"].get("msg_id")
            if sender not in self._cells:
                continue
            if message["msg_type"] == "error" and message["content"].get("traceback", [""])[0].startswith("Lost error"):
                self.lost.append((self._cells[sender][0], message["content"]))
            if sender == parent_msg_id:
                try:
                    self.process_message(message, cell, cell_index)
                except CellExecutionComplete:
                    return
            elif message["msg_type"] != "status":
                self.process_message(message, *self._cells[sender])

    async def _async_poll_for_reply(self, msg_id, cell, timeout, task_poll_output_msg, task_poll_kernel_alive):
        patient = UntilSilent(self, task_poll_output_msg)
        return await super()._async_poll_for_reply(msg_id, cell, timeout, patient, task_poll_kernel_alive)

    async def _async_check_alive(self):
        try:
            await super()._async_check_alive()
        except DeadKernelError:
            self.exit_code = await self.km.provisioner.poll()
            raise


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


def without_folders(text, notebook_folder):
    """An error may travel with the page: it names files, but not the folders of the author's machine."""
    for folder, shown in ((notebook_folder, ""), (ROOT, ""), (Path.home(), "~/")):
        if len(folder.parts) > 1:
            text = text.replace(f"{folder}{os.sep}", shown)
    return text


def hide_folders(cell, notebook_folder):
    for output in cell.get("outputs", []):
        if output.output_type == "stream" and output.name == "stderr":
            output.text = without_folders(output.text, notebook_folder)
        elif output.output_type == "error":
            output.evalue = without_folders(output.evalue, notebook_folder)
            output.traceback = [without_folders(line, notebook_folder) for line in output.traceback]


def why_the_kernel_ended(exit_code, said, argv):
    """What a kernel that is gone has left: its exit code, and what it wrote outside of any message."""
    if "heap out of memory" in said or "invalid array length Allocation failed" in said:
        limit = heap_limit(argv)
        return (
            f"The cell needs more memory than the kernel may use ({limit}). Let it keep less, or allow more: "
            "NODE_OPTIONS=--max-old-space-size=8192 (in MB) before the command."
        )
    if exit_code in (-9, 137):
        return "The system ended the kernel while the cell was running (signal 9), as it does when memory runs out."
    code = "" if exit_code is None else f" ({f'signal {-exit_code}' if exit_code < 0 else f'exit code {exit_code}'})"
    last = f"\nIts last words:\n{said.strip()[-2000:]}" if said.strip() else ""
    return f"The kernel ended while the cell was running{code}.{last}"


def heap_limit(argv):
    """What the kernel's own Node allows, asked of that Node."""
    question = "Math.round(require('v8').getHeapStatistics().heap_size_limit / 2 ** 20)"
    try:
        answer = subprocess.run([argv[0], "-p", question], capture_output=True, text=True, timeout=20).stdout.strip()
    except OSError:
        answer = ""
    return f"{answer} MB" if answer else "its limit"


def execute(path, out, timeout, connections):
    """Run one notebook. Returns whether it ran to its end."""
    name = path.name
    current = {"cell": 0, "id": "", "source": ""}

    def failed(error):
        report(event="failed", notebook=name, error=without_folders(error, path.parent), **current)
        return False

    try:
        notebook = read_notebook(path)
        kernel = kernel_name(notebook)
        argv = KernelSpecManager().get_kernel_spec(kernel).argv
    except NotebookFault as fault:
        return failed(f"{name} {fault}")
    except NoSuchKernel:
        installed = ", ".join(sorted(KernelSpecManager().find_kernel_specs()))
        return failed(
            f"{name} asks for the kernel \"{kernel}\", which is not installed here (there are: {installed}). "
            "Choose another in JupyterLab and save."
        )
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    report(event="notebook", notebook=name, cells=len(code_cells))

    def blame(cell):
        numbers = [number for number, other in enumerate(code_cells, 1) if other is cell]
        if numbers:
            current.update(cell=numbers[0], id=cell.id, source=cell.source)

    def cell_begins(cell, cell_index):
        if any(cell is other for other in code_cells):
            blame(cell)
            report(event="cell", notebook=name, cell=current["cell"], id=current["id"])

    def cell_ended(cell, cell_index, execute_reply):
        if execute_reply["content"]["status"] not in ("ok", "error"):
            raise CellDropped
        for culprit, content in client.lost:
            if "raises-exception" not in culprit.metadata.get("tags", []):
                raise LostError(culprit, "\n".join(content["traceback"]))

    async def cell_erred(cell, cell_index, execute_reply):
        # Where the error is wanted (tag raises-exception) the next cell must wait: tslab drops what it is asked
        # in the 200 ms after an error.
        await asyncio.sleep(0.4)

    client = Client(
        notebook,
        connections,
        timeout=timeout,
        kernel_name=kernel,
        # No limit here: UntilSilent watches over the rest of the output.
        iopub_timeout=10**6,
        # The kernel runs where the notebook lies, so that its imports and relative paths are those of the notebook.
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_execute=cell_begins,
        on_cell_executed=cell_ended,
        on_cell_error=cell_erred,
        # No timings and no counts from an earlier run in the copy: equal runs give equal files.
        record_timing=False,
    )
    # One cell more, which waits for what the others have left running.
    settling = nbformat.v4.new_code_cell(SETTLE)
    if kernel in OURS:
        notebook.cells.append(settling)

    started = time.monotonic()
    with tempfile.TemporaryFile(dir=connections) as said:
        try:
            client.run(stderr=said)
        except LostError as error:
            blame(error.cell)
            return failed(str(error))
        except OutputLost:
            return failed(f"Output of the kernel was lost: the cell ended, then nothing more came for {SILENCE} s.")
        except CellTimeoutError:
            return failed(f"The cell was still running after {timeout} s. --cell-timeout allows more (0: no limit).")
        except CellExecutionError as error:
            running = next((cell for cell in notebook.cells if cell.id == current["id"]), {})
            return failed(printed_error(running) or str(error))
        except DeadKernelError:
            said.seek(0)
            return failed(why_the_kernel_ended(client.exit_code, said.read().decode("utf8", "replace"), argv))
        except CellDropped:
            return failed("The kernel dropped the cell without running it.")
        except RuntimeError as error:
            return failed(f"The kernel did not start: {error}")

    if kernel in OURS:
        notebook.cells.remove(settling)
        left = "".join(output.get("text", "") for output in settling.outputs).strip()
        if left.isdigit() and int(left) > 0:
            message = "timers were still running at its end; what they do later is not on its page."
            report(event="warning", notebook=name, message=message)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            merge_streams(cell)
            hide_folders(cell, path.parent)

    target = out / name
    partial = target.with_suffix(f".{os.getpid()}")
    try:
        nbformat.write(notebook, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    report(event="done", notebook=name, seconds=round(time.monotonic() - started, 2), messages=client.messages)
    return True


#: What a disk answers that cannot be written.
CLOSED = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


def main():
    try:
        sys.exit(0 if run() else 1)
    except (Stopped, KeyboardInterrupt):
        sys.exit("execute: stopped; the notebook that was running is not written.")
    except OSError as error:
        if error.errno not in CLOSED:
            raise
        sys.exit(f"execute: {error.filename or 'A file'} cannot be written ({error.strerror}). Allow it, or make room.")


def run():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--timeout", type=int, default=600)
    parser.add_argument("--connections", type=Path)
    parser.add_argument("notebooks", type=Path, nargs="*", help="none: as many as come, a line each, on stdin")
    options = parser.parse_args()
    # nbclient logs each failure once more; the event says it all.
    logging.disable(logging.CRITICAL)
    options.out.mkdir(parents=True, exist_ok=True)
    # Line by line as they come, not when stdin ends.
    paths = options.notebooks or (Path(line.rstrip("\n")) for line in iter(sys.stdin.readline, ""))
    return all([execute(path.resolve(), options.out, options.timeout, options.connections) for path in paths])


if __name__ == "__main__":
    main()
