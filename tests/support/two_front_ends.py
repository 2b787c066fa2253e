"""Two front ends on one kernel: both run cells, turn by turn and at once; each sees what is its own, and what both share.

    python two_front_ends.py FOLDER    prints what each cell printed, as JSON
"""

import json
import sys

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager


class Reader:
    """What a front end has heard, by the request that it belongs to: cells that wait for each other may overlap."""

    def __init__(self, client):
        self._client = client
        self._texts = {}
        self._ended = set()

    def printed(self, request):
        while request not in self._ended:
            message = self._client.get_iopub_msg(timeout=120)
            sender = message["parent_header"].get("msg_id")
            if message["msg_type"] == "stream":
                self._texts[sender] = self._texts.get(sender, "") + message["content"]["text"]
            if message["content"].get("execution_state") == "idle":
                self._ended.add(sender)
        return self._texts.get(request, "").strip()


def main():
    manager = KernelManager(kernel_name="tslab")
    manager.start_kernel(cwd=sys.argv[1])
    starting = manager.client()
    starting.start_channels()
    starting.wait_for_ready(timeout=120)
    starting.stop_channels()
    # Each with a session of its own, as two programs have: the manager's own clients would share one, and its replies.
    clients = [BlockingKernelClient(connection_file=manager.connection_file) for _ in range(2)]
    for client in clients:
        client.load_connection_file()
    try:
        for client in clients:
            client.start_channels()
            client.wait_for_ready(timeout=120)
        first, second = clients
        hears = {client: Reader(client) for client in clients}

        def printed(client, request):
            return hears[client].printed(request)

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
