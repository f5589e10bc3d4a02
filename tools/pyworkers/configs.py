"""Local configs derived from the committed ones.

The committed wrangler*.toml are what production deploys. A local run needs
two more compatibility flags (they make workerd load our interpreter bundle)
and local values for some variables; everything else stays as it is.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.pyworkers.errors import SetupError

LOCAL_FLAGS = ("python_workers_development", "experimental")


def derive(config: Path, variables: Mapping[str, str], name: str = "dev") -> Path:
    """Write `<config>.<name>.local.json` beside `config` and return its path.

    `variables` replace or add to `vars`. Environments are left out: a local
    run is none of them. Runs of different `name` (development, tests) do not
    disturb each other.
    """
    try:
        parsed: dict[str, Any] = tomllib.loads(config.read_text("utf-8"))
    except FileNotFoundError:
        raise SetupError(
            "local configs", f"{config} is missing", "restore it from version control"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise SetupError(
            "local configs", f"{config}: {error}", "mend the file at that line"
        ) from None
    flags = list(parsed.get("compatibility_flags", []))
    parsed["compatibility_flags"] = flags + [flag for flag in LOCAL_FLAGS if flag not in flags]
    parsed["vars"] = {**parsed.get("vars", {}), **variables}
    parsed.pop("env", None)
    target = config.with_suffix(f".{name}.local.json")
    text = json.dumps(parsed, indent=1)
    # An unchanged file keeps its time stamp: wrangler would reload the Worker.
    if not target.is_file() or target.read_text("utf-8") != text:
        target.write_text(text, "utf-8")
    return target
