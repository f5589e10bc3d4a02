"""The simulated providers: every module here declares its hosts in PROVIDERS."""

from importlib import import_module
from pkgutil import iter_modules

from tools.simulator.provider import Provider


def discover() -> dict[str, Provider]:
    """All providers by host; a new module in this folder is found without being named."""
    found: dict[str, Provider] = {}
    for module in iter_modules(__path__, f"{__name__}."):
        for provider in import_module(module.name).PROVIDERS:
            found[provider.host] = provider
    return found
