"""Runs cells in a kernel as JupyterLab does, and interrupts some of them.

    python interrupt.py FOLDER < plan.json

The plan: {"argv": [...], "cells": [{"code": "...", "interrupt": "text"}]}. A cell with `interrupt` is interrupted half a
second after it has printed that text. The answer, on stdout: for each cell its status and what was printed while it ran,
and a moment longer where it was interrupted.
"""

import json
import sys
import time
from queue import Empty

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager

LIMIT = 60


def main():
    plan = json.load(sys.stdin)
    manager = KernelManager()
    manager._kernel_spec = KernelSpec(argv=plan["argv"], display_name="", language="typescript", interrupt_mode="signal")
    manager.start_kernel(cwd=sys.argv[1])
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=LIMIT)
        answers = []
        for cell in plan["cells"]:
            answers.append(run(manager, client, **cell))
            while answers[-1]["status"] == "abort":  # tslab drops what comes too soon after an error
                time.sleep(0.5)
                answers[-1] = run(manager, client, **cell)
            print(answers[-1], file=sys.stderr, flush=True)
            if answers[-1]["status"] == "no end":
                sys.exit("A cell did not end.")
        print(json.dumps(answers))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def run(manager, client, code, interrupt=None):
    own = client.execute(code)
    printed = ""
    due = None
    stopped = False
    idle_at = None
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        now = time.monotonic()
        if due is not None and now >= due:
            manager.interrupt_kernel()
            due = None
            stopped = True
        if idle_at is not None and now >= idle_at:
            return {"status": reply_to(client, own)["content"]["status"], "printed": printed}
        try:
            message = client.get_iopub_msg(timeout=0.1)
        except Empty:
            continue
        content = message["content"]
        printed += content.get("text", "")
        if message["msg_type"] == "error":
            printed += "\n".join(content["traceback"])
        if interrupt is not None and not stopped and due is None and interrupt in printed:
            due = now + 0.5
        if content.get("execution_state") == "idle" and message["parent_header"].get("msg_id") == own:
            idle_at = now + (1 if stopped else 0)  # whatever still runs in the background shows itself
    return {"status": "no end", "printed": printed}


def reply_to(client, request):
    while True:
        reply = client.get_shell_msg(timeout=LIMIT)
        if reply["parent_header"].get("msg_id") == request:
            return reply


main()
