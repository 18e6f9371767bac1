"""`python -m tests.feedback.notices.smtp_sink PORT LOG [DIE] [DROP] [REFUSE]`: a real mail server that fails half-way.

Every mail it takes is written to LOG ("<Message-ID> <address>") before it says so. With the chance DIE it then dies without
a word, with DROP it hangs up before it took the mail, with REFUSE it says "not now" (451).
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from email import message_from_bytes
from typing import Any

from aiosmtpd.smtp import SMTP


class Sink:
    def __init__(self, log: str, die: float, drop: float, refuse: float) -> None:
        self.log = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self.die, self.drop, self.refuse = die, drop, refuse

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        dice = random.random()
        if dice < self.drop:
            server.transport.abort()
            return "451 gone"
        if dice < self.drop + self.refuse:
            return "451 not now"
        name = str(message_from_bytes(envelope.content)["Message-ID"])
        os.write(self.log, f"{name} {envelope.rcpt_tos[0]}\n".encode())
        if random.random() < self.die:
            os._exit(9)
        return "250 taken"


async def serve(port: int, sink: Sink) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink"), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    port, log, *chances = sys.argv[1:]
    die, drop, refuse = [*(float(each) for each in chances), 0.0, 0.0, 0.0][:3]
    asyncio.run(serve(int(port), Sink(log, die, drop, refuse)))
