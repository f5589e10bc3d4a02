"""How much memory the interpreter of this isolate has taken."""

import pyodide_js


def memory_bytes() -> int:
    """Return the size of the interpreter's WebAssembly memory, which grows and never shrinks."""
    return int(pyodide_js._module.HEAPU8.length)
