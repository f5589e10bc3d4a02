"""`python -m tools.simulator`: serve the simulated providers until stopped.

The facilitator of payments among them wants the key FACILITATOR_KEY of the environment.
"""

import argparse
import contextlib
import os
import sys
from pathlib import Path
from types import FrameType
from typing import get_args

import uvicorn

from tools.facilitator import app as facilitator_app
from tools.facilitator.ledger import Ledger
from tools.facilitator.listening import listen
from tools.facilitator.verdicts import Facilitator
from tools.simulator.app import create_app, simulated_world
from tools.simulator.clock import Clock
from tools.simulator.coins import COUNT, MOST
from tools.simulator.instants import parse_iso
from tools.simulator.provider import Scale, World
from tools.simulator.replay import replayed_world


class _Server(uvicorn.Server):
    """uvicorn that stops at the first signal, however slow an answer is under way."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = True
        super().handle_exit(sig, frame)


def main() -> int:
    """Parse the command line, open the port, serve. 2 means it could not start."""
    args = _arguments()
    try:
        world = _world(args)
        listener = listen(args.host, args.port)
    except (ValueError, OSError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    facilitator = facilitator_app.create_app(
        Facilitator(Ledger(args.ledger)), os.environ.get("FACILITATOR_KEY", "")
    )
    app = create_app(world, facilitator)
    config = uvicorn.Config(app, access_log=False, log_level="warning", lifespan="off")
    print(f"simulator: http://{args.host}:{listener.getsockname()[1]}", flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        _Server(config).run(sockets=[listener])
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8791, help="0 takes any free port")
    parser.add_argument("--seed", type=int, default=7, help="another seed is another market")
    parser.add_argument("--coins", type=int, default=COUNT, help=f"{COUNT} to {MOST}")
    parser.add_argument(
        "--scale",
        choices=get_args(Scale),
        default="normal",
        help="full: as many protocols and pools as the providers list",
    )
    parser.add_argument("--replay", type=Path, metavar="DIR", help="serve recordings instead")
    parser.add_argument(
        "--ledger", type=Path, metavar="FILE", help="keep the facilitator's money in a file"
    )
    parser.add_argument("--start", metavar="ISO", help="where the clock starts")
    return parser.parse_args()


def _world(args: argparse.Namespace) -> World:
    start = None if args.start is None else parse_iso(args.start)
    if args.replay is not None:
        return replayed_world(args.replay, start)
    clock = Clock()
    if start is not None:
        clock.drive({"now": args.start, "speed": 1})
    return simulated_world(args.seed, clock, args.coins, args.scale)


if __name__ == "__main__":
    sys.exit(main())
