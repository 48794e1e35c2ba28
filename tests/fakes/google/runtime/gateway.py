"""Runs in a container: makes 10.0.0.0/15 local to it, and it the gateway of the network.

Its arguments are the engine's gateway and the address that containers are told. The image has no
`ip`, so it is the ioctls of netdevice(7) and rtentry of <linux/route.h>.
"""

import fcntl
import signal
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


def main(gateway, own):
    control = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    default_route(control, SIOCDELRT, own)
    default_route(control, SIOCADDRT, gateway)
    add_address(control, b"lo:1", "10.0.0.1", "255.254.0.0")
    add_address(control, b"eth0:1", own, "255.255.255.0")
    print("ready", flush=True)
    signal.pause()


if __name__ == "__main__":
    main(*sys.argv[1:])
