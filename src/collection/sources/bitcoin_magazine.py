"""Bitcoin Magazine: headlines, links and times of its feed. Texts belong to the publisher."""

from collection.feed import feed

SOURCE = feed(
    "bitcoin_magazine",
    "Bitcoin Magazine",
    "https://bitcoinmagazine.com",
    "https://bitcoinmagazine.com/feed",
)
