"""News feeds at their publishers' addresses: four in RSS 2.0, each with its own habits, one Atom.

Titles and texts are invented; only the form is the publishers'. A feed's bytes change only
when it has a new story, so conditional requests work as they do in the field.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from html import escape

from tools.simulator.news import Story
from tools.simulator.provider import Answer, Provider, Request
from tools.simulator.story_links import number_of, story_address

_RSS = "application/rss+xml; charset=utf-8"
_ATOM = "application/atom+xml; charset=utf-8"
_NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:media="http://search.yahoo.com/mrss/"'
)


def coindesk_item(story: Story) -> str:
    """CDATA titles, an opaque guid, tags with a domain, an image of type `image/*`."""
    digest = story.digest
    uuid = "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))
    return f"""<item>
<title><![CDATA[{story.title}]]></title>
<link>{story_address(story)}?utm_source=rss&amp;utm_medium=feed</link>
<media:content url="https://cdn.sanity.io/images/{digest}.png?w=1920&amp;h=1080" type="image/*" medium="image"/>
<guid isPermaLink="false">{uuid}</guid>
<pubDate>{format_datetime(_when(story))}</pubDate>
<description><![CDATA[{story.summary}]]></description>
<dc:creator><![CDATA[{story.author}]]></dc:creator>
<content:encoded/>
<category domain="https://www.coindesk.com/markets"><![CDATA[{story.category}]]></category>
<category domain="tag">Crypto</category>
</item>"""  # noqa: E501


def cointelegraph_item(story: Story) -> str:
    """A link in CDATA with tracking, HTML with a floating image, an offset of one hour."""
    address = story_address(story)
    image = f"https://images.cointelegraph.com/{story.digest}.jpg"
    return f"""<item>
<title>{escape(story.title, quote=False)}</title>
<link><![CDATA[{address}?utm_source=rss_feed&utm_medium=rss&utm_campaign=rss_partner_inbound]]></link>
<guid isPermaLink="true">{address}</guid>
<pubDate>{format_datetime(_when(story, 1))}</pubDate>
<dc:creator><![CDATA[Cointelegraph by {story.author}]]></dc:creator>
<description><![CDATA[<p style="float:right; margin:0 0 10px 15px;"><img src="{image}"></p><p>{story.summary}</p>]]></description>
<category>{story.category}</category>
<category><![CDATA[Latest News]]></category>
<media:content url="{image}" width="840" medium="image"/>
<enclosure url="{image}" length="1434" type="image/jpeg"/>
</item>"""  # noqa: E501


def decrypt_item(story: Story) -> str:
    """A plain title, a guid that looks like an address, a thumbnail, New York time."""
    return f"""<item>
<title>{escape(story.title, quote=False)}</title>
<link>{story_address(story)}?utm_source=feed</link>
<guid isPermaLink="false">https://decrypt.co/?p={number_of(story)}</guid>
<pubDate>{format_datetime(_when(story, -5))}</pubDate>
<dc:creator><![CDATA[{story.author}]]></dc:creator>
<description>{escape(story.summary)}</description>
<category><![CDATA[{story.category}]]></category>
<enclosure url="https://cdn.decrypt.co/{story.digest}.png" length="31757" type="image/png"/>
<media:thumbnail url="https://cdn.decrypt.co/{story.digest}.png" width="200" height="113"/>
</item>"""


def the_block_item(story: Story) -> str:
    """Tracking with `rss` twice, HTML in CDATA, New York's summer time, images not always."""
    number = number_of(story)
    image = f"https://www.tbstat.com/wp/uploads/{story.digest}.jpg"
    kind = ' type="image/jpeg"' if number % 2 else ""
    media = f'\n<media:content url="{image}" medium="image"{kind}/>' if number % 5 else ""
    return f"""<item>
<title>{escape(story.title, quote=False)}</title>
<link>{story_address(story)}?utm_source=rss&amp;utm_medium=rss</link>
<guid isPermaLink="true">{story_address(story)}</guid>
<pubDate>{format_datetime(_when(story, -4))}</pubDate>
<dc:creator>{story.author}</dc:creator>
<description><![CDATA[<p>{story.summary}</p><p><a href="{story_address(story)}">Read more</a></p>]]></description>
<category>{story.category}</category>
<category>Companies</category>{media}
</item>"""  # noqa: E501


def bitcoin_magazine_entry(story: Story) -> str:
    """An Atom entry with HTML in the summary and an offset in the time."""
    moment = _when(story, -5).isoformat()
    return f"""<entry>
<id>https://bitcoinmagazine.com/?p={number_of(story)}</id>
<title type="html">{escape(escape(story.title, quote=False))}</title>
<link rel="alternate" type="text/html" href="{story_address(story)}"/>
<published>{moment}</published>
<updated>{moment}</updated>
<author><name>{story.author}</name></author>
<category term="{story.category}"/>
<summary type="html">{escape(f"<p>{escape(story.summary)}</p>")}</summary>
</entry>"""


def _rss(title: str, home: str, item: Callable[[Story], str]) -> Callable[[list[Story], int], str]:
    def document(stories: list[Story], modified: int) -> str:
        built = format_datetime(datetime.fromtimestamp(modified, UTC))
        head = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<rss {_NAMESPACES} version="2.0">\n'
            f"<channel>\n<title>{title}</title>\n<link>{home}</link>\n"
            f"<description>Simulated news in the form of {title}</description>\n"
            f'<atom:link rel="hub" href="true"/>\n<language>en-US</language>\n'
            f"<lastBuildDate>{built}</lastBuildDate>\n<ttl>10</ttl>\n"
            "<sy:updatePeriod>hourly</sy:updatePeriod>\n"
        )
        return head + "\n".join(map(item, stories)) + "\n</channel>\n</rss>\n"

    return document


def _atom(stories: list[Story], modified: int) -> str:
    updated = datetime.fromtimestamp(modified, UTC).isoformat()
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
        "<title>Bitcoin Magazine</title>\n<id>https://bitcoinmagazine.com/feed</id>\n"
        '<link rel="alternate" href="https://bitcoinmagazine.com/"/>\n'
        f"<updated>{updated}</updated>\n"
    )
    return head + "\n".join(map(bitcoin_magazine_entry, stories)) + "\n</feed>\n"


def _feed(
    host: str, path: str, document: Callable[[list[Story], int], str], media_type: str
) -> Provider:
    def handler(request: Request, _: re.Match[str]) -> Answer:
        recorded = request.world.recordings.get(f"feed/{host}")
        if recorded is not None:
            return Answer(recorded, request.now, media_type)
        stories = request.world.news.newest(host, int(request.instant), request.items)
        modified = stories[0].published if stories else 0
        return Answer(document(stories, modified).encode(), modified, media_type)

    return Provider(host, ((f"{re.escape(path)}/?", handler),))


def _when(story: Story, offset_hours: int = 0) -> datetime:
    zone = timezone(timedelta(hours=offset_hours))
    return datetime.fromtimestamp(story.published, zone)


PROVIDERS = (
    _feed(
        "www.coindesk.com",
        "/arc/outboundfeeds/rss",
        _rss("CoinDesk", "https://www.coindesk.com/", coindesk_item),
        _RSS,
    ),
    _feed(
        "cointelegraph.com",
        "/rss",
        _rss("Cointelegraph.com News", "https://cointelegraph.com/", cointelegraph_item),
        _RSS,
    ),
    _feed("decrypt.co", "/feed", _rss("Decrypt", "https://decrypt.co/", decrypt_item), _RSS),
    _feed(
        "www.theblock.co",
        "/rss.xml",
        _rss("The Block", "https://www.theblock.co/", the_block_item),
        _RSS,
    ),
    _feed("bitcoinmagazine.com", "/feed", _atom, _ATOM),
)
