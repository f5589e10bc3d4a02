"""The version of this package; pyproject.toml says the same, which a test keeps true."""

VERSION = "0.1.0"
