"""Small real programs that misbehave in the ways that Workers do, and ways to watch them."""

import os
import socket
import time
from collections.abc import Callable

from tools.pyworkers.supervisor import Process

Make = Callable[..., Process]

# A parent that does nothing while its child holds the port, as wrangler does with workerd.
PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", sys.argv[2], sys.argv[1]])
time.sleep(60)
"""
HOLDER = """
import socket, sys, time
held = socket.socket()
held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
held.bind(("127.0.0.1", int(sys.argv[1])))
held.listen()
print("holding", flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("stubborn", flush=True)
time.sleep(60)
"""
SERVER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(self.path.strip("/")))
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "this did not happen in time"
        time.sleep(0.01)


def said(process: Process, text: str) -> Callable[[], bool]:
    return lambda: process.log.is_file() and text in process.log.read_text()


def held(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def group_is_gone(process: Process) -> bool:
    assert process.group is not None
    try:
        os.killpg(process.group, 0)
    except ProcessLookupError:
        return True
    return False
