"""How a wrangler config is read for tests/support/config_rules.py: sections, names, resources."""

import tomllib
from collections.abc import Iterator
from typing import Any

from tools.system.layout import PROJECT, WORKERS

Config = dict[str, Any]
Configs = dict[str, Config]

ENVIRONMENTS = ("staging", "production")
SECTIONS = ("local", *ENVIRONMENTS)
RESOURCE_FIELDS = frozenset(
    "database_id database_name id bucket_name service script_name queue dataset namespace_id"
    " pattern".split()
)


def parsed() -> Configs:
    """Return the committed configs by Worker."""
    return {name: tomllib.loads((PROJECT / file).read_text("utf-8")) for name, file, _ in WORKERS}


def section(config: Config, name: str) -> Config:
    """Return what stands in one environment's own section; "local" is the top level."""
    if name == "local":
        return {key: value for key, value in config.items() if key != "env"}
    found: Config = config.get("env", {}).get(name, {})
    return found


def worker_name(config: Config, environment: str) -> str:
    """Return the name under which a Worker is deployed in an environment."""
    return str(config["name"]) if environment == "local" else f"{config['name']}-{environment}"


def each(configs: Configs) -> Iterator[tuple[str, str, Config]]:
    """Yield (Worker, environment, section) for every section of every config."""
    for worker, config in configs.items():
        for environment in SECTIONS:
            yield worker, environment, section(config, environment)


def patterns(part: Config) -> set[str]:
    """Return the patterns of a section's routes."""
    return {route if isinstance(route, str) else route["pattern"]
            for route in part.get("routes", [])}  # fmt: skip


def resources(value: Any) -> set[str]:
    """Return every name or id below `value` that denotes something outside the config."""
    if isinstance(value, list):
        return {found for item in value for found in resources(item)}
    if not isinstance(value, dict):
        return set()
    own = {str(item) for key, item in value.items() if key in RESOURCE_FIELDS}
    return own | {found for item in value.values() for found in resources(item)}


def created_classes(config: Config) -> list[str]:
    """Return the Durable Object classes that a Worker's migrations create."""
    return [name for step in config.get("migrations", [])
            for name in step.get("new_sqlite_classes", [])]  # fmt: skip


def shape(value: Any) -> Any:
    """Return which bindings or variables a value declares, without what they lead to."""
    if isinstance(value, dict):
        return {key: shape(item) if key in ("bindings", "producers", "consumers") else None
                for key, item in value.items()}  # fmt: skip
    if isinstance(value, list):
        return sorted(
            tuple((field, item.get(field)) for field in ("binding", "name", "class_name"))
            if isinstance(item, dict) else item
            for item in value
        )  # fmt: skip
    return None
