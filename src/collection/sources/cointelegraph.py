"""Cointelegraph: headlines, links and times of its feed. Texts belong to the publisher."""

from collection.feed import feed

SOURCE = feed(
    "cointelegraph", "Cointelegraph", "https://cointelegraph.com", "https://cointelegraph.com/rss"
)
