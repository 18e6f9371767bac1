"""A look-alike of Redis in Python, where no binary runs (the wheel with the real one ends at Python 3.12)."""

import sys

from fakeredis import TcpFakeServer

if __name__ == "__main__":
    with TcpFakeServer(("127.0.0.1", int(sys.argv[1])), server_type="redis") as server:
        server.daemon_threads = True
        server.serve_forever()
