"""`python -m tools.facilitator`: serve a facilitator until stopped; its key is FACILITATOR_KEY."""

import argparse
import contextlib
import os
import sys
from pathlib import Path

import uvicorn

from tools.facilitator.app import create_app
from tools.facilitator.hang_up import Outermost
from tools.facilitator.ledger import START, Ledger
from tools.facilitator.listening import listen
from tools.facilitator.verdicts import Facilitator


def main() -> int:
    """Parse the command line, open the port, serve. 2 means it could not start."""
    parser = argparse.ArgumentParser(prog="python -m tools.facilitator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8792, help="0 takes any free port")
    parser.add_argument("--ledger", type=Path, help="file of the money; without it, in memory")
    parser.add_argument("--start", type=int, default=START, help="what a payer is granted")
    args = parser.parse_args()
    app = create_app(
        Facilitator(Ledger(args.ledger, args.start)), os.environ.get("FACILITATOR_KEY", "")
    )
    try:
        listener = listen(args.host, args.port)
    except OSError as error:
        print(f"facilitator: {error}", file=sys.stderr)
        return 2
    config = uvicorn.Config(Outermost(app), access_log=False, log_level="warning", lifespan="off")
    print(f"facilitator: http://{args.host}:{listener.getsockname()[1]}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
    return 0


if __name__ == "__main__":
    sys.exit(main())
