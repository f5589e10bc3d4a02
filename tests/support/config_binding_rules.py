"""The rules of tests/support/config_rules.py that are about bindings."""

from collections import Counter
from typing import Any

from tests.support.config_sections import (
    ENVIRONMENTS,
    SECTIONS,
    Configs,
    created_classes,
    each,
    section,
    shape,
    worker_name,
)

# What an environment takes over from the top level. Everything else must be repeated in it.
INHERITED = frozenset(
    "name main base_dir compatibility_date compatibility_flags workers_dev preview_urls"
    " python_modules migrations assets observability limits placement routes triggers env".split()
)


def _shared(configs: Configs, key: str, fields: tuple[str, ...]) -> list[str]:
    wrong: list[str] = []
    seen: dict[str, tuple[Any, ...]] = {}
    for environment in SECTIONS:
        found = {
            (binding["binding"], *(binding.get(field) for field in fields))
            for config in configs.values()
            for binding in section(config, environment).get(key, [])
        }
        by_binding = Counter(binding for binding, *_ in found)
        wrong += [
            f"{environment}: {key} {binding} differs between Workers"
            for binding, count in by_binding.items()
            if count > 1
        ]
        for binding, *values in found:
            for other, known in seen.items():
                if set(values) & set(known):
                    wrong.append(f"{environment} and {other} share a {key} resource ({binding})")
            seen.setdefault(environment, ())
            seen[environment] = (*seen[environment], *values)
    return wrong


def one_database_an_environment(configs: Configs) -> list[str]:
    """All Workers of an environment use one D1 database, and no two environments the same."""
    folders = {binding.get("migrations_dir") for *_, part in each(configs)
               for binding in part.get("d1_databases", [])}  # fmt: skip
    wrong = _shared(configs, "d1_databases", ("database_name", "database_id"))
    return wrong + ([] if folders == {"migrations"} else [f"migrations in {folders}"])


def one_cache_an_environment(configs: Configs) -> list[str]:
    """All Workers of an environment use one KV namespace, and no two environments the same."""
    return _shared(configs, "kv_namespaces", ("id",))


def services_exist(configs: Configs) -> list[str]:
    """A service binding leads to a Worker of the same environment."""
    wrong: list[str] = []
    for worker, environment, part in each(configs):
        known = {worker_name(config, environment) for config in configs.values()}
        wrong += [
            f"{worker}.{environment}: no Worker {binding['service']}"
            for binding in part.get("services", [])
            if binding["service"] not in known
        ]
    return wrong


def script_names_exist(configs: Configs) -> list[str]:
    """A Durable Object of another Worker is that of the same environment."""
    wrong: list[str] = []
    for worker, environment, part in each(configs):
        owners = {worker_name(config, environment): config for config in configs.values()}
        for binding in part.get("durable_objects", {}).get("bindings", []):
            script = binding.get("script_name")
            if script is None:
                continue
            if script not in owners:
                wrong.append(f"{worker}.{environment}: no Worker {script}")
            elif binding["class_name"] not in created_classes(owners[script]):
                wrong.append(f"{worker}.{environment}: {script} has no {binding['class_name']}")
    return wrong


def durable_objects_are_defined_once(configs: Configs) -> list[str]:
    """Each class lives in one Worker, which binds it and creates it with SQLite storage once."""
    created = Counter(name for config in configs.values() for name in created_classes(config))
    wrong = [f"{name} is created {count} times" for name, count in created.items() if count > 1]
    for worker, environment, part in each(configs):
        for binding in part.get("durable_objects", {}).get("bindings", []):
            own = "script_name" not in binding
            if own and binding["class_name"] not in created_classes(configs[worker]):
                wrong.append(f"{worker}.{environment}: {binding['class_name']} is never created")
    tags = [step.get("tag") for config in configs.values() for step in config.get("migrations", [])]
    return wrong + (["a migration has no tag"] if None in tags else [])


def environments_repeat_every_binding(configs: Configs) -> list[str]:
    """What is not inherited stands in both environments, with the same binding names."""
    wrong: list[str] = []
    for worker, config in configs.items():
        wanted = {k: shape(v) for k, v in section(config, "local").items() if k not in INHERITED}
        for environment in ENVIRONMENTS:
            part = section(config, environment)
            found = {k: shape(v) for k, v in part.items() if k not in INHERITED}
            wrong += [
                f"{worker}.{environment}: {key} is not what the top level binds"
                for key in sorted(wanted.keys() | found.keys())
                if wanted.get(key) != found.get(key)
            ]
    return wrong
