"""Run Cloudflare Python Workers on the real workerd from package registries alone.

`wrangler dev` normally downloads the Python interpreter when a Python Worker
starts. Behind a firewall that download fails. This package assembles the same
interpreter from the npm package `pyodide`, vendors the wheels, derives local
configs from the committed ones and supervises one `wrangler dev` per Worker.
It knows nothing of the project it runs: see docs/development.md.
"""
