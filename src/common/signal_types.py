"""The types of signals, as everybody outside the signals Worker knows them.

A test keeps this equal to the detectors' names.
"""

from typing import Literal

SignalType = Literal[
    "price_anomaly", "volume_spike", "sentiment_shift", "pump", "depeg", "tvl_outflow",
    "source_trouble", "unusual_reading",
]  # fmt: skip
