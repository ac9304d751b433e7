"""TCP proxy in front of the server that counts round trips: the client waits for a reply before it sends again."""
from __future__ import annotations

import asyncio
from types import TracebackType


class CountingProxy:
    def __init__(self, server: int | str) -> None:
        """Take the port of the server, or the path of its socket."""
        self._server = server
        self.round_trips = 0

    async def __aenter__(self) -> CountingProxy:
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = int(self._listening.sockets[0].getsockname()[1])
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self._listening.close()
        await self._listening.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opening = asyncio.open_unix_connection(self._server) if isinstance(self._server, str) else asyncio.open_connection("127.0.0.1", self._server)
        from_server, to_server = await opening
        await asyncio.gather(self._pass(reader, to_server, counted=True), self._pass(from_server, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool = False) -> None:
        while data := await reader.read(65536):
            self.round_trips += counted
            writer.write(data)
            await writer.drain()
        writer.close()
        await writer.wait_closed()
