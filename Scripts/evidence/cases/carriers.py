"""Link types, tunnels, fragments and extension headers: the same dialogue in every wrapping."""

from collections.abc import Callable, Iterator
from functools import partial

from cases.case import Case, of_dialogue, of_packets
from dialogue import chat
from wire import ip, links, tunnels
from wire.files import timed
from wire.ip import Network
from wire.tcp import Connection

V6 = Network("2001:db8::1", "2001:db8::2")


def cases() -> Iterator[Case]:
    yield from _links()
    yield from _tunnels()
    yield from _fragments()
    yield from _extension_headers()


def _links() -> Iterator[Case]:
    both: list[tuple[str, str, int, Callable[[bytes], bytes]]] = [
        ("ethernet", "Ethernet, short frames padded", links.ETHERNET, links.ethernet),
        ("vlan", "802.1Q", links.ETHERNET, lambda datagram: links.tagged(datagram, (0x8100, 7))),
        (
            "qinq",
            "802.1ad around 802.1Q",
            links.ETHERNET,
            lambda datagram: links.tagged(datagram, (0x88A8, 9), (0x8100, 7)),
        ),
        (
            "qinq-9100",
            "QinQ as it was before 802.1ad",
            links.ETHERNET,
            lambda datagram: links.tagged(datagram, (0x9100, 9), (0x8100, 7)),
        ),
        ("snap", "802.3 with LLC and SNAP", links.ETHERNET, links.snap),
        (
            "null-little",
            "NULL, written by a little-endian machine",
            links.NULL,
            lambda datagram: links.family(datagram, "little"),
        ),
        (
            "null-big",
            "NULL, written by a big-endian machine",
            links.NULL,
            lambda datagram: links.family(datagram, "big", 24),
        ),
        ("loop", "OpenBSD's LOOP", links.LOOP, lambda datagram: links.family(datagram, "big", 24)),
        ("raw", "RAW", links.RAW, bytes),
        ("raw-12", "RAW by libpcap's own number", links.RAW_BSD, bytes),
        ("raw-14", "RAW by OpenBSD's number", links.RAW_OPENBSD, bytes),
        ("sll", "Linux cooked capture", links.SLL, links.sll),
        ("sll-vlan", "Linux cooked capture with an 802.1Q tag", links.SLL, links.sll_tagged),
        ("sll2", "Linux cooked capture, version 2", links.SLL2, links.sll2),
        ("ppp", "PPP without address and control", links.PPP, links.ppp),
        (
            "ppp-hdlc",
            "PPP with address and control",
            links.PPP_HDLC,
            lambda datagram: b"\xff\x03" + links.ppp(datagram),
        ),
        (
            "ppp-compressed",
            "PPP with a protocol field of one byte",
            links.PPP,
            lambda datagram: links.ppp(datagram)[1:],
        ),
        ("ppp-mpls", "MPLS over PPP", links.PPP, lambda datagram: b"\x02\x81" + links.labelled(datagram, 16)),
        ("pppoe", "PPPoE over Ethernet, padded", links.ETHERNET, links.pppoe_over_ethernet),
        ("pppoe-vlan", "PPPoE below an 802.1Q tag", links.ETHERNET, _pppoe_below_tag),
        ("ppp-ether", "PPPoE without the Ethernet header", links.PPP_ETHER, links.pppoe),
        ("mpls", "one MPLS label", links.ETHERNET, lambda datagram: links.mpls(datagram, 16)),
        ("mpls-3", "three MPLS labels", links.ETHERNET, lambda datagram: links.mpls(datagram, 16, 17, 18)),
        ("mpls-pseudowire", "Ethernet over MPLS", links.ETHERNET, links.pseudowire),
    ]
    for name, shows, link, wrap in both:
        yield of_dialogue(f"link-{name}", shows, chat(), wrap=wrap, link=link)
        yield of_dialogue(f"link-{name}-v6", f"{shows}, IPv6", chat(), wrap=wrap, link=link, connection=Connection(V6))
    yield of_dialogue("link-ipv4", "IPV4", chat(), wrap=bytes, link=links.IPV4)
    yield of_dialogue("link-ipv6", "IPV6", chat(), wrap=bytes, link=links.IPV6, connection=Connection(V6))


def _pppoe_below_tag(datagram: bytes) -> bytes:
    return links.tagged(datagram, (0x8100, 7))[:16] + bytes.fromhex("8864") + links.pppoe(datagram)


def _tunnels() -> Iterator[Case]:
    extension = bytes.fromhex("0001008501001000")  # the next extension header: a PDU session container
    wrappings: list[tuple[str, str, Callable[[bytes], bytes]]] = [
        ("vxlan", "VXLAN, as cloud providers mirror traffic", tunnels.vxlan),
        ("vxlan-8472", "VXLAN on Linux' old port", partial(tunnels.vxlan, port=8472)),
        (
            "vxlan-vlan",
            "VXLAN around an 802.1Q tag",
            partial(tunnels.vxlan, frame=lambda datagram: links.tagged(datagram, (0x8100, 7))),
        ),
        ("vxlan-v6", "VXLAN over IPv6", partial(tunnels.vxlan, network=tunnels.OUTER6)),
        ("geneve", "Geneve", tunnels.geneve),
        ("geneve-options", "Geneve with options", partial(tunnels.geneve, options=bytes.fromhex("010300010000002a"))),
        ("geneve-ip", "Geneve around IP itself", partial(tunnels.geneve, is_ethernet=False)),
        ("gre", "GRE", tunnels.gre),
        ("gre-key", "GRE with a key", partial(tunnels.gre, key=True)),
        ("gre-sequence", "GRE with sequence numbers", partial(tunnels.gre, sequence=True)),
        ("gre-checksum", "GRE with a checksum", partial(tunnels.gre, checksum=True)),
        (
            "gre-all",
            "GRE with key, sequence number and checksum",
            partial(tunnels.gre, key=True, sequence=True, checksum=True),
        ),
        ("gre-ethernet", "GRE around Ethernet", partial(tunnels.gre, key=True, frame=links.ethernet)),
        ("gre-v6", "GRE over IPv6", partial(tunnels.gre, network=tunnels.OUTER6)),
        ("erspan", "ERSPAN type II", tunnels.erspan),
        ("ip-in-ip", "IP in IPv4", tunnels.in_ip),
        ("ip-in-ip6", "IP in IPv6", partial(tunnels.in_ip, network=tunnels.OUTER6)),
        ("gtp", "GTP-U", tunnels.gtp),
        (
            "gtp-sequence",
            "GTP-U with a sequence number",
            partial(tunnels.gtp, optional=bytes.fromhex("00010000"), flags=2),
        ),
        ("gtp-extension", "GTP-U with an extension header", partial(tunnels.gtp, optional=extension, flags=4)),
        ("gre-in-vxlan", "GRE inside VXLAN", lambda datagram: tunnels.vxlan(tunnels.gre(datagram, key=True))),
        (
            "gtp-in-ip-in-gre",
            "GTP-U inside IP in IP inside GRE",
            lambda datagram: tunnels.gre(tunnels.in_ip(tunnels.gtp(datagram))),
        ),
    ]
    for name, shows, wrap in wrappings:
        for network in (Network(), V6):
            suffix = "-in-6" if network.version == 6 else ""
            yield of_dialogue(
                f"tunnel-{name}{'-carries-v6' if suffix else ''}", f"{shows}, around IPv{network.version}", chat(),
                wrap=lambda datagram, wrap=wrap: links.ethernet(wrap(datagram)),
                connection=Connection(Network(network.client, network.server)),
            )  # fmt: skip


def _fragments() -> Iterator[Case]:
    def in_order(datagram: bytes) -> list[bytes]:
        return ip.fragments(datagram, 512)

    def backwards(datagram: bytes) -> list[bytes]:
        return in_order(datagram)[::-1]

    def mixed(datagram: bytes) -> list[bytes]:
        parts = in_order(datagram)
        return parts[1::2] + parts[::2]

    def doubled(datagram: bytes) -> list[bytes]:
        parts = in_order(datagram)
        return [*parts[:1], *parts]

    def overlapping(datagram: bytes) -> list[bytes]:
        """The same bytes where parts overlap."""
        parts = in_order(datagram)
        return parts if len(parts) == 1 else [parts[0], ip.fragment(datagram, 256, 768), *parts[1:]]

    def contradicting(datagram: bytes) -> list[bytes]:
        """Other bytes in a second copy: the first counts."""
        parts = in_order(datagram)
        return parts if len(parts) == 1 else [parts[0], ip.fragment(datagram, 256, 512, b"#" * 256), *parts[1:]]

    for network in (Network(), V6):
        version = f"v{network.version}"
        for name, shows, cut in (
            ("in-order", "in order", in_order), ("backwards", "last one first", backwards),
            ("mixed", "out of order", mixed), ("doubled", "one of them twice", doubled),
            ("overlapping", "overlapping", overlapping),
            ("contradicting", "overlapping with different bytes, of which the first count", contradicting),
        ):  # fmt: skip
            yield _in_pieces(f"fragments-{version}-{name}", f"IP{version} fragments {shows}", cut, network)
    yield _in_pieces(
        "fragments-of-vxlan", "fragments of a datagram that carries VXLAN",
        lambda datagram: in_order(tunnels.vxlan(datagram)), Network(),
    )  # fmt: skip
    yield _in_pieces(
        "fragments-in-gre", "fragments inside GRE", lambda datagram: [tunnels.gre(part) for part in mixed(datagram)],
        Network(),
    )  # fmt: skip
    yield _in_pieces(
        "fragments-v6-one", "IPv6 datagrams in one fragment each (RFC 6946)",
        lambda datagram: ip.fragments(datagram, 4096), V6,
    )  # fmt: skip


def _in_pieces(name: str, shows: str, cut: Callable[[bytes], list[bytes]], network: Network) -> Case:
    dialogue, connection = chat(), Connection(Network(network.client, network.server))
    datagrams = connection.datagrams(connection.whole(dialogue.sends))
    frames = [links.ethernet(part) for datagram in datagrams for part in cut(datagram)]
    return of_packets(name, shows, timed(frames), dialogue, connection)


def _extension_headers() -> Iterator[Case]:
    chains = {
        "hop-by-hop": [(ip.HOP_BY_HOP, b"")],
        "destination": [(ip.DESTINATION_OPTIONS, bytes.fromhex("0104000000000100"))],
        "routing": [(ip.ROUTING, bytes.fromhex("04000000" + "00" * 16))],
        "all": [
            (ip.HOP_BY_HOP, b""),
            (ip.ROUTING, bytes.fromhex("04000000" + "00" * 16)),
            (ip.DESTINATION_OPTIONS, b""),
        ],
    }
    for name, chain in chains.items():
        dialogue, connection = chat(), Connection(Network(V6.client, V6.server))
        frames = []
        for segment in connection.whole(dialogue.sends):
            payload, following = connection.encoded(segment), ip.TCP
            for kind, data in reversed(chain):
                payload, following = ip.extension(following, data) + payload, kind
            frames.append(links.ethernet(connection.network.datagram(segment.party, following, payload)))
        yield of_packets(f"ipv6-{name}", f"IPv6 extension headers: {name}", timed(frames), dialogue, connection)
    dialogue, connection = chat(), Connection(Network())
    frames = [
        links.ethernet(connection.datagram(segment, options=bytes.fromhex("94040000")))
        for segment in connection.whole(dialogue.sends)
    ]
    yield of_packets("ipv4-options", "IPv4 options (router alert)", timed(frames), dialogue, connection)
