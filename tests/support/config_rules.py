"""What the four wrangler configs must agree on, one function a rule.

A rule takes the parsed configs by Worker ("api", "collection", "dashboard",
"signals") and returns what is wrong, one sentence each; nothing when all is
well. Wrangler inherits some top-level keys into an environment and silently
leaves out others (bindings, vars): most rules exist because of the latter.
"""

from collections import Counter
from collections.abc import Callable

from tests.support.config_binding_rules import (
    durable_objects_are_defined_once,
    environments_repeat_every_binding,
    one_cache_an_environment,
    one_database_an_environment,
    script_names_exist,
    services_exist,
)
from tests.support.config_sections import (
    SECTIONS,
    Configs,
    each,
    patterns,
    resources,
    section,
)

Rule = Callable[[Configs], list[str]]

EARLIEST_DATE = "2026-09-08"  # from here on production runs Python 3.14
TICK_CRON = "*/15 * * * *"
SECRET_ENDINGS = ("KEY", "SECRET", "TOKEN", "PEPPER", "PASSWORD")


def one_recent_compatibility_date(configs: Configs) -> list[str]:
    """One date for all, recent enough for the Python that the wheels are for."""
    dates = {str(part["compatibility_date"]) for *_, part in each(configs)
             if "compatibility_date" in part}  # fmt: skip
    missing = [worker for worker, config in configs.items() if "compatibility_date" not in config]
    wrong = [f"{worker} has no compatibility date" for worker in missing]
    if len(dates) > 1:
        wrong.append(f"compatibility dates differ: {sorted(dates)}")
    return wrong + [f"{date} is before {EARLIEST_DATE}" for date in dates if date < EARLIEST_DATE]


def same_flags(configs: Configs) -> list[str]:
    """Exactly the flag of Python Workers: no local flag may reach production."""
    return [
        f"{worker}.{environment}: compatibility_flags {part.get('compatibility_flags')}"
        for worker, environment, part in each(configs)
        if (environment == "local" or "compatibility_flags" in part)
        and part.get("compatibility_flags") != ["python_workers"]
    ]


def same_source_folder(configs: Configs) -> list[str]:
    """Every Worker carries all of src and starts at its own worker.py."""
    return [
        f"{worker}: main or base_dir is not its own"
        for worker, config in configs.items()
        if (config.get("base_dir"), config.get("main")) != ("src", f"src/{worker}/worker.py")
    ]


def routes_and_triggers_are_stated(configs: Configs) -> list[str]:
    """Both would be inherited: an environment that forgot its own would take another's traffic."""
    return [
        f"{worker}.{environment}: {key} is not stated"
        for worker, environment, part in each(configs)
        for key in ("routes", "triggers")
        if key not in part
    ]


def production_routes_only_in_production(configs: Configs) -> list[str]:
    """The top level has no route; production's are nobody else's, and no two Workers' the same."""
    production = Counter(pattern for config in configs.values()
                         for pattern in patterns(section(config, "production")))  # fmt: skip
    wrong = [f"{pattern} has two Workers" for pattern, count in production.items() if count > 1]
    for worker, environment, part in each(configs):
        if environment == "local" and patterns(part):
            wrong.append(f"{worker}: the top level has routes")
        if environment == "staging" and patterns(part) & set(production):
            wrong.append(f"{worker}.staging: takes a route of production")
    return wrong + [
        f"{worker}.production: nobody can reach it"
        for worker in ("api", "dashboard")
        if not patterns(section(configs[worker], "production"))
    ]


def environments_share_no_resource(configs: Configs) -> list[str]:
    """No id, name, bucket, Worker or route of one environment stands in another."""
    used = {
        environment: {found for config in configs.values()
                      for found in resources(section(config, environment))}
        for environment in SECTIONS
    }  # fmt: skip
    pairs = (("staging", "production"), ("local", "staging"), ("local", "production"))
    return [
        f"{one} and {other} share {sorted(used[one] & used[other])}"
        for one, other in pairs
        if used[one] & used[other]
    ]


def only_collection_ticks(configs: Configs) -> list[str]:
    """The tick is fired by one Worker, every quarter hour, in every environment."""
    wrong: list[str] = []
    for worker, environment, part in each(configs):
        crons = part.get("triggers", {}).get("crons", [])
        if worker == "collection" and crons != [TICK_CRON]:
            wrong.append(f"collection.{environment}: crons are {crons}")
        if worker != "collection" and TICK_CRON in crons:
            wrong.append(f"{worker}.{environment}: fires ticks too")
    return wrong


def observed_and_discreet(configs: Configs) -> list[str]:
    """Logs are kept, sampled, and without query strings (they may hold what a user typed)."""
    wrong: list[str] = []
    for worker, environment, part in each(configs):
        if environment != "local" and "observability" not in part:
            continue  # inherited
        settings = part.get("observability", {})
        rate = settings.get("head_sampling_rate", 1)
        if settings.get("enabled") is not True or settings.get("redact_query_string") is not True:
            wrong.append(f"{worker}.{environment}: not observed, or with query strings")
        if not 0 < rate < 1:
            wrong.append(f"{worker}.{environment}: samples {rate} of the requests")
    return wrong


def no_public_side_doors(configs: Configs) -> list[str]:
    """A Worker is reached by its routes and bindings alone."""
    return [
        f"{worker}.{environment}: {key} is on"
        for worker, environment, part in each(configs)
        for key in ("workers_dev", "preview_urls")
        if part.get(key, environment == "local") is not False  # on by default, then inherited
    ]


def only_the_dashboard_serves_files(configs: Configs) -> list[str]:
    """One Worker has static files, and asks its own code before them where a session matters."""
    owners = {worker for worker, _, part in each(configs) if "assets" in part}
    wrong = [] if owners == {"dashboard"} else [f"assets belong to {sorted(owners)}"]
    first = set(configs["dashboard"].get("assets", {}).get("run_worker_first", []))
    return wrong + [f"{path} is not asked from the Worker first"
                    for path in ("/api/*", "/live", "/session") if path not in first]  # fmt: skip


def variables_name_their_environment(configs: Configs) -> list[str]:
    """ENVIRONMENT says where a Worker runs, and committed configs collect live data."""
    return [
        f"{worker}.{environment}: vars are {part.get('vars')}"
        for worker, environment, part in each(configs)
        if part.get("vars", {}).get("ENVIRONMENT") != environment
        or part.get("vars", {}).get("DATA_ORIGIN") != "live"
    ]


def no_secret_is_a_variable(configs: Configs) -> list[str]:
    """Secrets are set with `wrangler secret put`, never written into a config."""
    return [
        f"{worker}.{environment}: {name} looks like a secret"
        for worker, environment, part in each(configs)
        for name in part.get("vars", {})
        if name.upper().endswith(SECRET_ENDINGS)
    ]


RULES: tuple[Rule, ...] = (
    one_recent_compatibility_date,
    same_flags,
    same_source_folder,
    one_database_an_environment,
    one_cache_an_environment,
    services_exist,
    script_names_exist,
    durable_objects_are_defined_once,
    routes_and_triggers_are_stated,
    environments_repeat_every_binding,
    production_routes_only_in_production,
    environments_share_no_resource,
    only_collection_ticks,
    observed_and_discreet,
    no_public_side_doors,
    only_the_dashboard_serves_files,
    variables_name_their_environment,
    no_secret_is_a_variable,
)
