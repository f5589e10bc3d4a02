"""CoinDesk: headlines, links and times of its feed. Texts belong to the publisher."""

from collection.feed import feed

SOURCE = feed(
    "coindesk",
    "CoinDesk",
    "https://www.coindesk.com",
    "https://www.coindesk.com/arc/outboundfeeds/rss/",
)
