"""Which addresses may be asked for a user, in every notation that a URL parser reads."""

import pytest

from common.addresses import RefusedAddress, check_address, check_resolved

# What is given, and the words of the guard that refuses it.
REFUSED = {
    # schemes, ports, credentials, form
    "file:///etc/passwd": "Only http and https",
    "ftp://example.com/": "Only http and https",
    "gopher://example.com/": "Only http and https",
    "javascript:alert(1)": "Only http and https",
    "data:text/plain,x": "Only http and https",
    "//example.com/": "Only http and https",
    "example.com/feed": "Only http and https",
    "": "Percent-encode",
    "https:example.com": "has no host",
    "https:/example.com/": "has no host",
    "https:///example.com/": "has no host",
    "https://": "has no host",
    "https://me@example.com/": "user name",
    "https://me" + ":pw@example.com/": "user name",
    "https://@example.com/": "user name",
    "https://example.com:22/": "Port 22",
    "https://example.com:0/": "Port 0",
    "http://example.com:6379/": "Port 6379",
    "https://example.com:99999/": "Port 99999",
    "https://example.com:8o/": "no port",
    "https://example.com:-1/": "no port",
    "https://example.com:８０/": "no port",
    "https://[2606:4700::1]443/": "no port",
    "https://example.com/" + "x" * 2_000: "2,020 characters",
    # what fetch would read differently from here
    "https://example.com\\@127.0.0.1/": "Percent-encode",
    "https:\\\\127.0.0.1/": "Percent-encode",
    "https://exam\tple.com/": "Percent-encode",
    "https://exam\nple.com/": "Percent-encode",
    " https://example.com/": "Percent-encode",
    "https://example.com/a b": "Percent-encode",
    "https://example.com/\x00": "Percent-encode",
    "https://example.com/{page}": "Percent-encode",
    "https://example.com/?k={key}": "Percent-encode",
    "https://example.com/a/../b": "without . and ..",
    "https://example.com/%2e%2E/b": "without . and ..",
    "https://example.com/.%2e": "without . and ..",
    "https://example.com/./": "without . and ..",
    # names of inner networks
    "https://localhost/": "private network",
    "https://LOCALHOST./": "private network",
    "https://a.localhost/": "private network",
    "https://printer.local/": "private network",
    "https://db.internal/": "private network",
    "https://metadata.google.internal/computeMetadata/v1/": "private network",
    "https://router.lan/": "private network",
    "https://nas.home.arpa/": "private network",
    "https://x.onion/": "private network",
    "https://wiki.corp/": "private network",
    "https://x.localdomain/": "private network",
    "https://x.intranet/": "private network",
    "https://x.private/": "private network",
    "https://x.home/": "private network",
    "https://x.test/": "private network",
    "https://x.invalid/": "private network",
    "https://intranet/": "private network",
    "https://metadata/": "private network",
    "https://ｌocalhost/": "private network",
    "https://local%68ost/": "private network",
    "https://loc\u00adalhost/": "private network",
    # names that are none
    "https://exa_mple..com/": "no name of a host",
    "https://.example.com/": "no name of a host",
    "https://example.com../": "no name of a host",
    "https://exam%00ple.com/": "no name of a host",
    "https://exam%2fple.com/": "no name of a host",
    "https://exam%ffple.com/": "no name of a host",
    "https://-example.com/": "no name of a host",
    "https://xn--a.example/": "no name of a host",
    f"https://{'a' * 64}.com/": "no name of a host",
    f"https://{'a.' * 130}com/": "no name of a host",
    # 127.0.0.1 and its neighbours
    "http://127.0.0.1/": "127.0.0.1 (the machine itself)",
    "http://127.255.255.254/": "the machine itself",
    "http://127.0.0.1./": "127.0.0.1 (the machine itself)",
    "http://2130706433/": "127.0.0.1 (the machine itself)",
    "http://017700000001/": "127.0.0.1 (the machine itself)",
    "http://0x7f000001/": "127.0.0.1 (the machine itself)",
    "http://0X7F.1/": "127.0.0.1 (the machine itself)",
    "http://0x7f.1/": "127.0.0.1 (the machine itself)",
    "http://0177.0.0.1/": "127.0.0.1 (the machine itself)",
    "http://0177.0x0.0.01/": "127.0.0.1 (the machine itself)",
    "http://127.1/": "127.0.0.1 (the machine itself)",
    "http://127.0.1/": "127.0.0.1 (the machine itself)",
    "http://127.0.0.1:8080/": "127.0.0.1 (the machine itself)",
    "http://１２７.0.0.1/": "127.0.0.1 (the machine itself)",
    "http://127。0。0。1/": "127.0.0.1 (the machine itself)",
    "http://127%2e0%2E0.1/": "127.0.0.1 (the machine itself)",
    "http://%31%32%37.0.0.1/": "127.0.0.1 (the machine itself)",
    "http://127.0.0.0x1/": "127.0.0.1 (the machine itself)",
    "http://127.0.0.①/": "127.0.0.1 (the machine itself)",
    "http://0/": "0.0.0.0 (this host)",
    "http://0x/": "0.0.0.0 (this host)",
    "http://0.0.0.0/": "0.0.0.0 (this host)",
    # numbers that are no address
    "http://127.0.0.256/": "no IPv4 address",
    "http://1.2.3.4.5/": "no IPv4 address",
    "http://256.1/": "no IPv4 address",
    "http://4294967296/": "no IPv4 address",
    "http://0xffffffffff/": "no IPv4 address",
    "http://08.0.0.1/": "no IPv4 address",
    "http://example.0x7f/": "no IPv4 address",
    "http://example.1/": "no IPv4 address",
    f"http://{'9' * 63}/": "no IPv4 address",
    # the other networks
    "http://10.0.0.5/": "a private network",
    "http://172.16.0.1/": "a private network",
    "http://172.31.255.255/": "a private network",
    "http://192.168.1.1/": "a private network",
    "http://0xc0.0xa8.1.1/": "192.168.1.1 (a private network)",
    "http://100.64.0.1/": "a carrier's inner network",
    "http://100.100.100.200/": "a carrier's inner network",
    "http://169.254.169.254/latest/meta-data/": "clouds keep their metadata",
    "http://2852039166/": "169.254.169.254",
    "http://168.63.129.16/": "a cloud's inner service",
    "http://192.0.0.1/": "reserved",
    "http://192.0.2.1/": "for documentation",
    "http://198.51.100.1/": "for documentation",
    "http://203.0.113.1/": "for documentation",
    "http://192.88.99.1/": "a relay",
    "http://198.18.0.1/": "for benchmarks",
    "http://198.19.255.255/": "for benchmarks",
    "http://224.0.0.1/": "multicast",
    "http://240.0.0.1/": "reserved",
    "http://255.255.255.255/": "reserved",
    # IPv6
    "http://[::1]/": "the machine itself",
    "http://[0:0:0:0:0:0:0:1]/": "the machine itself",
    "http://[::]/": "reserved",
    "http://[fc00::1]/": "a private network",
    "http://[fd00:ec2::254]/": "a private network",
    "http://[fe80::1]/": "link-local",
    "http://[fe80::1%25eth0]/": "zone",
    "http://[fe80::1%eth0]/": "zone",
    "http://[ff02::1]/": "multicast",
    "http://[::ffff:10.0.0.1]/": "in disguise",
    "http://[::ffff:7f00:1]/": "in disguise",
    "http://[::ffff:8.8.8.8]/": "in disguise",
    "http://[::127.0.0.1]/": "reserved",
    "http://[::ffff:0:127.0.0.1]/": "reserved",
    "http://[64:ff9b::10.0.0.1]/": "in disguise",
    "http://[64:ff9b::8.8.8.8]/": "in disguise",
    "http://[64:ff9b:1::1]/": "in disguise",
    "http://[2002:0a00:0001::1]/": "in disguise",
    "http://[2002:7f00:1::]/": "in disguise",
    "http://[2001::1]/": "in disguise",
    "http://[2001:2::1]/": "reserved",
    "http://[2001:10::1]/": "reserved",
    "http://[2001:db8::1]/": "for documentation",
    "http://[3fff::1]/": "for documentation",
    "http://[5f00::1]/": "reserved",
    "http://[100::1]/": "reserved",
    "http://[fec0::1]/": "reserved",
    "http://[4000::1]/": "reserved",
    "http://[1::2::3]/": "is no ",
    "http://[127.0.0.1]/": "is no ",
    "http://[::1/": "is no ",
    "http://::1/": "no port",
}


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_is_refused_in_words_that_say_why(url: str) -> None:
    with pytest.raises(RefusedAddress) as caught:
        check_address(url)
    assert REFUSED[url] in str(caught.value)
    assert len(str(caught.value)) < 200


# What is given, and the one form in which it is asked.
ALLOWED = {
    "https://example.com": "https://example.com/",
    "HTTPS://Example.COM./Feed?a=1&b=c#top": "https://example.com/Feed?a=1&b=c",
    "https://example.com:443/": "https://example.com/",
    "http://example.com:80/": "http://example.com/",
    "http://example.com:8080/x": "http://example.com:8080/x",
    "https://example.com:8443/x": "https://example.com:8443/x",
    "https://example.com:/x": "https://example.com/x",
    "https://my_feed.example.co.uk/a%20b/ü": "https://my_feed.example.co.uk/a%20b/%C3%BC",
    "https://bücher.example/?q=ä": "https://xn--bcher-kva.example/?q=%C3%A4",
    "https://XN--BCHER-KVA.example/?q='x'": "https://xn--bcher-kva.example/?q=%27x%27",
    "https://example.com/.../a..b/.well-known": "https://example.com/.../a..b/.well-known",
    "https://example.com/a?u=/../x": "https://example.com/a?u=/../x",
    "https://localhost.example.com/": "https://localhost.example.com/",
    "https://mylocal/".replace("local", "local.org"): "https://mylocal.org/",
    "https://8.8.8.8/": "https://8.8.8.8/",
    "https://0x8.8.2056/": "https://8.8.8.8/",
    "https://[2606:4700:0::1111]/": "https://[2606:4700::1111]/",
    "https://[2606:4700::1111]:8443/": "https://[2606:4700::1111]:8443/",
}


@pytest.mark.parametrize("url", ALLOWED)
def test_a_public_address_is_given_back_in_its_one_form(url: str) -> None:
    target = check_address(url)
    assert target.url == ALLOWED[url]
    assert check_address(target.url) == target


def test_the_parts_of_a_target_are_those_that_are_asked() -> None:
    assert check_address("http://example.com:8080/")[:3] == ("example.com", 8080, False)
    assert check_address("https://134744072/")[:3] == ("8.8.8.8", 443, True)
    assert check_address("https://[2606:4700::1]/")[:3] == ("2606:4700::1", 443, True)


@pytest.mark.parametrize(
    ("addresses", "words"),
    [
        ([], "has no address"),
        (["10.0.0.5"], "leads to 10.0.0.5"),
        (["93.184.216.34", "127.0.0.1"], "leads to 127.0.0.1"),
        (["2606:4700::1111", "fd00::1"], "leads to fd00::1"),
        (["::ffff:10.0.0.1"], "in disguise"),
        (["169.254.169.254"], "metadata"),
        (["evil.example."], "no address"),
        (["0x7f.1"], "no address"),
        (["fe80::1%1"], "link-local"),
    ],
)
def test_a_name_is_refused_for_any_address_that_is_not_public(
    addresses: list[str], words: str
) -> None:
    with pytest.raises(RefusedAddress, match=words):
        check_resolved(addresses)


def test_a_name_may_lead_to_several_public_addresses() -> None:
    check_resolved(["93.184.216.34", "2606:4700::1111"])
