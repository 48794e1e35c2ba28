"""Runs in a container: makes 10.0.0.0/15 local to it, and it the gateway of the network.

Its arguments are the engine's gateway, the address that containers are told, and the doors: an
address of Google's, a port, and the port at the engine's gateway that it is handed on to. The image
has no `ip`, so it is the ioctls of netdevice(7) and rtentry of <linux/route.h>.
"""

import asyncio
import contextlib
import fcntl
import socket
import struct
import sys

SIOCADDRT, SIOCDELRT, SIOCSIFADDR, SIOCSIFNETMASK = 0x890B, 0x890C, 0x8916, 0x891C
RTF_UP_GATEWAY = 3


def sockaddr(address):
    return struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(address))


def add_address(control, interface, address, mask):
    for request, value in ((SIOCSIFADDR, address), (SIOCSIFNETMASK, mask)):
        fcntl.ioctl(control, request, struct.pack("16s", interface) + sockaddr(value))


def default_route(control, request, gateway):
    anywhere = sockaddr("0.0.0.0")  # noqa: S104 -- a route, not a listener
    route = struct.pack(
        "L16s16s16sHhLPhPLLH",
        *(0, anywhere, sockaddr(gateway), anywhere, RTF_UP_GATEWAY),
        *(0, 0, 0, 0, 0, 0, 0, 0),
    )
    fcntl.ioctl(control, request, route)


async def copy(reader, writer):
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(2**16):
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()


def handing_on(gateway, own, port):
    """What serves a door: first a line that says who is there (the PROXY protocol)."""

    async def serve(reader, writer):
        try:
            upstream, downstream = await asyncio.open_connection(gateway, port, local_addr=(own, 0))
        except OSError:
            writer.close()
            return
        (client, source), (asked, at) = (
            writer.get_extra_info("peername"),
            writer.get_extra_info("sockname"),
        )
        downstream.write(f"PROXY TCP4 {client} {asked} {source} {at}\r\n".encode())
        await asyncio.gather(copy(reader, downstream), copy(upstream, writer))
        downstream.close()
        writer.close()

    return serve


async def serve(gateway, own, doors):
    for address, port, inner in doors:
        await asyncio.start_server(handing_on(gateway, own, int(inner)), address, int(port))
    print("ready", flush=True)
    await asyncio.Event().wait()


def main(gateway, own, *given):
    doors = [door.split(":") for door in given]
    control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    default_route(control, SIOCDELRT, own)
    default_route(control, SIOCADDRT, gateway)
    add_address(control, b"lo:1", "10.0.0.1", "255.254.0.0")
    add_address(control, b"eth0:1", own, "255.255.255.0")
    for place, address in enumerate(sorted({address for address, _, _ in doors}), 2):
        add_address(control, f"lo:{place}".encode(), address, "255.255.255.255")
    asyncio.run(serve(gateway, own, doors))


if __name__ == "__main__":
    main(*sys.argv[1:])
