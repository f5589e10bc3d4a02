import copy

import pytest

from tests.support.config_mistakes import MISTAKES, Change
from tests.support.config_rules import RULES, Rule
from tests.support.config_sections import parsed
from tools.system.layout import PROJECT, WORKERS

COMMITTED = parsed()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_committed_configs_keep_the_rule(rule: Rule) -> None:
    assert rule(COMMITTED) == []


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        pytest.param(rule, change, id=f"{rule.__name__}: {mistake}")
        for rule, mistake, change in MISTAKES
    ],
)
def test_the_rule_sees_the_mistake(rule: Rule, change: Change) -> None:
    configs = copy.deepcopy(COMMITTED)
    change(configs)
    assert configs != COMMITTED
    assert rule(configs) != []


def test_every_rule_has_a_mistake_that_it_must_see() -> None:
    assert {rule for rule, _, _ in MISTAKES} == set(RULES)


def test_every_committed_config_is_one_of_the_four() -> None:
    assert {file.name for file in PROJECT.glob("wrangler*.toml")} == {
        file for _, file, _ in WORKERS
    }
