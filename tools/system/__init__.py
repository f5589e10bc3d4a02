"""CryptoIntel on a developer's machine: the four Workers, the simulator, the crons."""
