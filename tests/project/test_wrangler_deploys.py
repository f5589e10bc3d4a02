import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.config_sections import ENVIRONMENTS, created_classes, each, parsed
from tools.pyworkers import wrangler
from tools.system.layout import PROJECT, WORKERS

COMMITTED = parsed()


@pytest.mark.parametrize(
    ("worker", "entrypoint"),
    [
        (binding["service"], binding["entrypoint"])
        for _, environment, part in each(COMMITTED)
        if environment == "local"
        for binding in part.get("services", [])
        if "entrypoint" in binding
    ],
)
def test_a_named_entrypoint_is_a_class_of_the_worker_it_leads_to(
    worker: str, entrypoint: str
) -> None:
    main = next(config["main"] for config in COMMITTED.values() if config["name"] == worker)
    assert re.search(
        rf"^class {entrypoint}\(WorkerEntrypoint\)", (PROJECT / main).read_text(), re.M
    )


@pytest.mark.parametrize("worker", COMMITTED)
def test_a_durable_object_class_can_be_imported_from_the_worker_that_creates_it(
    worker: str,
) -> None:
    text = (PROJECT / COMMITTED[worker]["main"]).read_text()
    for name in created_classes(COMMITTED[worker]):
        assert re.search(rf"^(class {name}\b|from .* import .*\b{name}\b)", text, re.M)


def sources() -> set[str]:
    folder = PROJECT / "src"
    return {
        str(file.relative_to(folder))
        for file in folder.rglob("*.py")
        if "__pycache__" not in file.parts
    }


@pytest.mark.runtime
def test_every_config_deploys_in_every_environment_with_all_of_src(tmp_path: Path) -> None:
    tool = wrangler.prepare(PROJECT, tmp_path / "local")

    def deploy(file: str, environment: str) -> tuple[str, str, set[str]]:
        folder = tmp_path / f"{file}.{environment}"
        done = tool.run(
            *("deploy", "--dry-run", "--outdir", str(folder)),
            *("--config", str(PROJECT / file), f"--env={environment}"),
        )
        uploaded = {str(path.relative_to(folder)) for path in folder.rglob("*.py")}
        return f"{file} {environment}", done.stderr[-2000:] if done.returncode else "", uploaded

    wanted = [(file, name) for _, file, _ in WORKERS for name in ("", *ENVIRONMENTS)]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda one: deploy(*one), wanted))
    assert {name: error for name, error, _ in results if error} == {}
    assert len(results) == 12
    for name, _, uploaded in results:
        own = {path for path in sources() if not path.endswith("/worker.py")}
        assert own - uploaded == set(), name
        assert "worker.py" in uploaded, name
