"""Is the port free? Asked before anything is installed or started."""

import socket
import time

from devtools.console import Trouble


def must_be_free(host: str, port: int, patience: float = 2.0) -> None:
    """Raise `Trouble` unless a server can listen here. A demo stopped a moment ago gets time to let go."""
    deadline = time.monotonic() + patience
    while True:
        try:
            family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[
                0
            ]
            with socket.socket(family, kind, protocol) as probe:
                # Without this a port in TIME_WAIT looks taken although every server could have it.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                return
        except PermissionError:
            raise Trouble(
                f"Port {port} needs more rights than yours; choose one above 1023 with --port."
            ) from None
        except (OverflowError, socket.gaierror):
            raise Trouble(f"{host}:{port} is not an address this machine can serve on.") from None
        except OSError as error:
            if time.monotonic() > deadline:
                reason = (
                    "is taken by another program"
                    if error.errno == 98
                    else f"cannot be used ({error.strerror})"
                )
                raise Trouble(f"Port {port} on {host} {reason}; choose another with --port.") from None
            time.sleep(0.1)


def a_free_port(host: str, wanted: int) -> int:
    """The port that was wanted if nobody has it, else any."""
    family, kind, _protocol, _name, address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
    for port in (wanted, 0):
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address[0], port, *address[2:]))
            except (OSError, OverflowError):
                continue
            return int(probe.getsockname()[1])
    raise Trouble(f"No port is free on {host}.")
