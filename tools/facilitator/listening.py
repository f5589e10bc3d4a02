"""The port of a local server, open before anybody is told of it."""

import socket


def listen(host: str, port: int) -> socket.socket:
    """Open a port, 0 for any free one. Raises OSError with a sentence for its message."""
    listener = socket.socket(
        socket.AF_INET6 if ":" in host else socket.AF_INET,
        socket.SOCK_STREAM,
        socket.IPPROTO_TCP,  # named, or asyncio leaves Nagle's algorithm on
    )
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()  # from here on a client waits instead of being refused
    except OSError as error:
        listener.close()
        raise OSError(f"port {port} on {host} cannot be opened: {error.strerror}") from error
    return listener
