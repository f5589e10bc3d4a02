"""Where a story lives: the address of its page at its publisher, without tracking."""

import re
from datetime import UTC, datetime

from tools.simulator.news import Story


def story_address(story: Story) -> str:
    """The story's page in the form of its publisher."""
    words, number = slug(story), number_of(story)
    match story.feed:
        case "www.coindesk.com":
            day = datetime.fromtimestamp(story.published, UTC).strftime("%Y/%m/%d")
            return f"https://www.coindesk.com/markets/{day}/{words}"
        case "decrypt.co":
            return f"https://decrypt.co/{number}/{words}"
        case "www.theblock.co":
            return f"https://www.theblock.co/post/{number}/{words}"
    return f"https://{story.feed}/news/{words}"


def slug(story: Story) -> str:
    """The title in lower case with hyphens, made unique by some digits of the story."""
    words = re.sub(r"[^a-z0-9]+", "-", story.title.lower()).strip("-")
    return f"{words[:60].rstrip('-')}-{story.digest[:8]}"


def number_of(story: Story) -> int:
    """A whole number that belongs to the story for good, below 2^44."""
    return int(story.digest[:11], 16)
