"""ViewerConnection: uvicorn's websocket connection, which here does not wait for a reader that never reads."""

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

SECONDS_TO_CLOSE = 2


class ViewerConnection(WebSocketsSansIOProtocol):
    """Closing writes what is left first, which never ends if nobody reads; so it is cut off after a while."""

    async def run_asgi(self) -> None:
        """Run the application on this websocket; when it returns, the connection ends."""
        try:
            await super().run_asgi()
        finally:
            self._cut_off_soon()

    def keepalive_timeout(self) -> None:
        """The reader did not answer a ping."""
        super().keepalive_timeout()
        self._cut_off_soon()

    async def send(self, message: ASGISendEvent) -> None:
        """Send for the application; that we are closing already is no mistake of its own, nor is a refusal."""
        await self.writable.wait()
        if self.close_sent and message["type"] == "websocket.send":
            raise ClientDisconnected
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and not message.get("more_body"):
            self.handshake_complete = True  # otherwise uvicorn reports that nobody answered

    def _cut_off_soon(self) -> None:
        self.loop.call_later(SECONDS_TO_CLOSE, self.transport.abort)
