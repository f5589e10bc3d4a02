"""A facilitator of payments in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def running_facilitator(*arguments: str, key: str = "") -> Iterator[str]:
    """Run one on a free port until the block is left; yields its address."""
    command = [sys.executable, "-m", "tools.facilitator", "--port", "0", *arguments]
    environment = {**os.environ, "FACILITATOR_KEY": key}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError("the facilitator did not start")
            yield line.split()[-1]
        finally:
            process.terminate()
