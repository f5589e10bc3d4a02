"""The Block: headlines, links and times of its feed. Texts belong to the publisher."""

from collection.feed import feed

SOURCE = feed("theblock", "The Block", "https://www.theblock.co", "https://www.theblock.co/rss.xml")
