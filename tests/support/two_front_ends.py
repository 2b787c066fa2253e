"""Two front ends on one kernel: both run cells, turn by turn and at once; each sees what is its own, and what both share.

    python two_front_ends.py FOLDER    prints what each cell printed, as JSON
"""

import json
import sys

from jupyter_client.manager import KernelManager


def printed(client, request):
    text = ""
    while True:
        message = client.get_iopub_msg(timeout=120)
        if message["parent_header"].get("msg_id") != request:
            continue
        if message["msg_type"] == "stream":
            text += message["content"]["text"]
        if message["content"].get("execution_state") == "idle":
            return text.strip()


def main():
    manager = KernelManager(kernel_name="tslab")
    manager.start_kernel(cwd=sys.argv[1])
    clients = [manager.client() for _ in range(2)]
    try:
        for client in clients:
            client.start_channels()
            client.wait_for_ready(timeout=120)
        first, second = clients
        said = [printed(first, first.execute('const shared = 41;\nconsole.log("first");'))]
        said.append(printed(second, second.execute("console.log(shared + 1);")))
        # At once: the kernel takes them one after the other, and nobody's output goes to the other.
        requests = [(c, c.execute(f'console.log("{n}", {i});')) for i in range(20) for n, c in zip("ab", clients)]
        said += [printed(c, request) for c, request in requests if c is first]
        said += [printed(c, request) for c, request in requests if c is second]
        first.stop_channels()
        said.append(printed(second, second.execute('console.log("alone", shared);')))
        print(json.dumps(said))
    finally:
        for client in clients:
            client.stop_channels()
        manager.shutdown_kernel(now=True)


main()
