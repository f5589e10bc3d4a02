"""A wheel made on the spot, and a pip that sees nothing but it: no test needs a registry."""

import hashlib
import zipfile
from pathlib import Path

import pytest


def make_wheel(folder: Path, version: str = "1.0", tag: str = "py3-none-any") -> str:
    """Write tiny-<version>-<tag>.whl into `folder`; return its SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"tiny-{version}.dist-info"
    file = folder / f"tiny-{version}-{tag}.whl"
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr("tiny/__init__.py", f"VERSION = {version!r}\n")
        wheel.writestr(f"tiny/only_in_{version.replace('.', '_')}.py", "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}")
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(file.read_bytes()).hexdigest()


def pin(file: Path, digest: str, version: str = "1.0") -> Path:
    """Write a requirements file that pins tiny with a hash."""
    file.write_text(f"tiny=={version} --hash=sha256:{digest}\n")
    return file


def isolate_pip(monkeypatch: pytest.MonkeyPatch, wheels: Path) -> None:
    """Let pip find wheels in the folder `wheels` and nowhere else."""
    wheels.mkdir(parents=True, exist_ok=True)
    for name in ("PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL", "PIP_TARGET", "PIP_REQUIRE_VIRTUALENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
