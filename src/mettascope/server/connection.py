"""ViewerConnection: uvicorn's websocket connection, which here does not wait for a reader that never reads."""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

SECONDS_TO_CLOSE = 2


class ViewerConnection(WebSocketsSansIOProtocol):
    """Closing writes what is left first, which never ends if nobody reads; so it is cut off after a while."""

    async def run_asgi(self) -> None:
        """Run the application on this websocket; when it returns, the connection ends."""
        try:
            await super().run_asgi()
        finally:
            self.loop.call_later(SECONDS_TO_CLOSE, self.transport.abort)
