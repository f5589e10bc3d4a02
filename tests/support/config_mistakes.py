"""Mistakes in the wrangler configs that a rule of tests/support/config_rules.py must see."""

from collections.abc import Callable
from typing import Any

from tests.support import config_binding_rules as bindings
from tests.support import config_rules as rules
from tests.support.config_rules import Rule
from tests.support.config_sections import Configs

Change = Callable[[Configs], object]


def at(path: str, value: Any) -> Change:
    """Return a change that sets the dotted `path`; a number in it is an index."""

    def change(configs: Configs) -> None:
        *parents, last = path.split(".")
        place: Any = configs
        for part in parents:
            place = place[int(part)] if part.isdecimal() else place[part]
        place[int(last) if last.isdecimal() else last] = value

    return change


def without(path: str) -> Change:
    """Return a change that removes the dotted `path`."""

    def change(configs: Configs) -> None:
        *parents, last = path.split(".")
        place: Any = configs
        for part in parents:
            place = place[int(part)] if part.isdecimal() else place[part]
        del place[int(last) if last.isdecimal() else last]

    return change


PRODUCTION = "c0de0000-0000-4000-8000-000000000002"
HUB = [{"name": "HUB", "class_name": "Hub"}]
MISTAKES: tuple[tuple[Rule, str, Change], ...] = (
    (rules.one_recent_compatibility_date, "one newer", at("api.compatibility_date", "2026-10-01")),
    (rules.one_recent_compatibility_date, "none", without("api.compatibility_date")),
    (
        rules.one_recent_compatibility_date,
        "all older",
        lambda c: [config.update(compatibility_date="2026-09-07") for config in c.values()],
    ),
    (
        rules.one_recent_compatibility_date,
        "production's own",
        at("api.env.production.compatibility_date", "2026-12-01"),
    ),
    (
        rules.same_flags,
        "a local flag",
        lambda c: c["api"]["compatibility_flags"].append("experimental"),
    ),
    (rules.same_flags, "none", without("signals.compatibility_flags")),
    (rules.same_flags, "production's own", at("api.env.production.compatibility_flags", [])),
    (rules.same_source_folder, "no base_dir", without("dashboard.base_dir")),
    (rules.same_source_folder, "another's main", at("api.main", "src/signals/worker.py")),
    (
        bindings.one_database_an_environment,
        "one Worker elsewhere",
        at(
            "signals.env.staging.d1_databases.0.database_id", "c0de0000-0000-4000-8000-00000000ffff"
        ),
    ),
    (
        bindings.one_database_an_environment,
        "staging on production's",
        lambda c: [
            config["env"]["staging"]["d1_databases"][0].update(database_id=PRODUCTION)
            for config in c.values()
        ],
    ),
    (
        bindings.one_database_an_environment,
        "migrations elsewhere",
        at("api.env.production.d1_databases.0.migrations_dir", "other"),
    ),
    (bindings.one_cache_an_environment, "differ", at("api.env.production.kv_namespaces.0.id", "f")),
    (
        bindings.one_cache_an_environment,
        "shared",
        lambda c: [
            c[w]["env"]["production"]["kv_namespaces"][0].update(id=c[w]["kv_namespaces"][0]["id"])
            for w in ("api", "dashboard")
        ],
    ),
    (
        bindings.services_exist,
        "local Worker in production",
        at("collection.env.production.services.0.service", "cryptointel-signals"),
    ),
    (bindings.services_exist, "renamed Worker", at("api.name", "cryptointel-gateway")),
    (
        bindings.script_names_exist,
        "staging in production",
        at(
            "api.env.production.durable_objects.bindings.0.script_name",
            "cryptointel-signals-staging",
        ),
    ),
    (
        bindings.script_names_exist,
        "class that is not there",
        at("api.durable_objects.bindings.0.class_name", "Spoke"),
    ),
    (
        bindings.script_names_exist,
        "a Worker without it",
        at("api.durable_objects.bindings.0.script_name", "cryptointel-dashboard"),
    ),
    (bindings.durable_objects_are_defined_once, "never created", without("signals.migrations")),
    (
        bindings.durable_objects_are_defined_once,
        "created twice",
        at("api.migrations", [{"tag": "v1", "new_sqlite_classes": ["Hub"]}]),
    ),
    (
        bindings.durable_objects_are_defined_once,
        "bound as its own elsewhere",
        at("api.durable_objects.bindings", HUB),
    ),
    (bindings.durable_objects_are_defined_once, "no tag", without("signals.migrations.0.tag")),
    (rules.routes_and_triggers_are_stated, "no routes", without("collection.env.staging.routes")),
    (rules.routes_and_triggers_are_stated, "no triggers", without("api.env.production.triggers")),
    (rules.routes_and_triggers_are_stated, "no environment", without("api.env.staging")),
    (
        bindings.environments_repeat_every_binding,
        "no KV in production",
        without("api.env.production.kv_namespaces"),
    ),
    (
        bindings.environments_repeat_every_binding,
        "no variable in staging",
        without("signals.env.staging.vars.DATA_ORIGIN"),
    ),
    (
        bindings.environments_repeat_every_binding,
        "another binding name",
        at("collection.env.production.r2_buckets.0.binding", "BLOBS"),
    ),
    (
        bindings.environments_repeat_every_binding,
        "a Durable Object only at the top",
        without("signals.env.production.durable_objects"),
    ),
    (
        bindings.environments_repeat_every_binding,
        "a new kind of binding only at the top",
        at("api.analytics_engine_datasets", [{"binding": "METRICS"}]),
    ),
    (
        bindings.environments_repeat_every_binding,
        "a queue only in production",
        at("api.env.production.queues", {"producers": [{"binding": "Q", "queue": "q"}]}),
    ),
    (
        rules.production_routes_only_in_production,
        "at the top level",
        at("api.routes", [{"pattern": "api.cryptointel.example", "custom_domain": True}]),
    ),
    (
        rules.production_routes_only_in_production,
        "in staging",
        at("api.env.staging.routes.0.pattern", "api.cryptointel.example"),
    ),
    (
        rules.production_routes_only_in_production,
        "two Workers on one",
        at("dashboard.env.production.routes.0.pattern", "api.cryptointel.example"),
    ),
    (
        rules.production_routes_only_in_production,
        "none in production",
        at("dashboard.env.production.routes", []),
    ),
    (
        rules.environments_share_no_resource,
        "staging's bucket",
        at("collection.env.staging.r2_buckets.0.bucket_name", "cryptointel-raw-production"),
    ),
    (
        rules.environments_share_no_resource,
        "staging's service",
        at("dashboard.env.staging.services.0.service", "cryptointel-api-production"),
    ),
    (
        rules.environments_share_no_resource,
        "local database in production",
        at("api.env.production.d1_databases.0.database_name", "cryptointel"),
    ),
    (
        rules.only_collection_ticks,
        "never in production",
        at("collection.env.production.triggers", {"crons": []}),
    ),
    (rules.only_collection_ticks, "hourly", at("collection.triggers.crons", ["0 * * * *"])),
    (
        rules.only_collection_ticks,
        "twice",
        at("signals.env.staging.triggers.crons", [rules.TICK_CRON]),
    ),
    (rules.observed_and_discreet, "off", at("api.observability.enabled", False)),
    (rules.observed_and_discreet, "everything", at("api.observability.head_sampling_rate", 1)),
    (rules.observed_and_discreet, "no rate", without("api.observability.head_sampling_rate")),
    (
        rules.observed_and_discreet,
        "query strings",
        without("api.observability.redact_query_string"),
    ),
    (rules.observed_and_discreet, "off in production", at("api.env.production.observability", {})),
    (rules.no_public_side_doors, "workers.dev", at("api.workers_dev", True)),
    (rules.no_public_side_doors, "by default", without("api.preview_urls")),
    (rules.no_public_side_doors, "in staging", at("api.env.staging.workers_dev", True)),
    (rules.only_the_dashboard_serves_files, "API too", at("api.assets", {"directory": "x"})),
    (rules.only_the_dashboard_serves_files, "none", without("dashboard.assets")),
    (
        rules.only_the_dashboard_serves_files,
        "sessions by the page",
        at("dashboard.assets.run_worker_first", ["/api/*", "/live"]),
    ),
    (
        rules.variables_name_their_environment,
        "staging calls itself production",
        at("api.env.staging.vars.ENVIRONMENT", "production"),
    ),
    (
        rules.variables_name_their_environment,
        "simulated data in production",
        at("collection.env.production.vars.DATA_ORIGIN", "simulated"),
    ),
    (rules.no_secret_is_a_variable, "a key", at("collection.vars.COINGECKO_API_KEY", "x")),
    (
        rules.no_secret_is_a_variable,
        "a pepper in production",
        at("api.env.production.vars.API_KEY_PEPPER", "x"),
    ),
)
