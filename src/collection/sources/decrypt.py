"""Decrypt: headlines, links and times of its feed. Texts belong to the publisher."""

from collection.feed import feed

SOURCE = feed("decrypt", "Decrypt", "https://decrypt.co", "https://decrypt.co/feed")
