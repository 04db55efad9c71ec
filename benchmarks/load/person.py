"""One person at the search page: a session of her own over Streamlit's websocket, as a browser speaks it.

Without a browser, fifty people fit on the machine that is being measured. What a browser would draw is read and
thrown away; what it sends by itself, the page's look for new documents every few seconds, is sent too.
"""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120.0
"""Seconds after which a page that is not drawn counts as an error."""

MOST_BYTES = 64 * 2**20
"""Of one message."""

FIRST_CARD = 'id="hit-1"'
"""Stands in the page where there are results."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it was drawn: seconds from sending to its end, and whether it shows results."""

    seconds: float
    has_results: bool
    messages: int
    size: int
    """Of all messages, in bytes."""


class Person:
    """A session: `await person.open()`, then `await person.ask(...)` as often as she likes."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._query_string = ""
        self._page = ""
        self._question = ""
        self._submit = ""
        self._automatic: asyncio.Task[None] | None = None
        self._socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        self._socket = await connect(
            f"ws://{self._host}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]  # a NewType of str
            max_size=MOST_BYTES,
            open_timeout=PATIENCE,
            ping_interval=None,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop_automatic()
        if self._socket:
            await self._socket.close()

    async def open(self) -> Page:
        """Open the search page."""
        return await self._drawn(self._message())

    async def ask(self, question: str) -> Page:
        """Type a question and press Enter."""
        message = self._message()
        states = message.rerun_script.widget_states.widgets
        states.add(id=self._question, string_value=question)
        states.add(id=self._submit, trigger_value=True)
        return await self._drawn(message)

    async def wait(self, seconds: float) -> None:
        """Read the page for a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    await self._receive()

    def _message(self) -> BackMsg:
        message = BackMsg()
        message.rerun_script.query_string = self._query_string
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.context_info.locale = "en-GB"
        return message

    async def _drawn(self, message: BackMsg) -> Page:
        """Send `message` and read what comes until the page is drawn. Raises TimeoutError after PATIENCE."""
        await self._stop_automatic()
        began, messages, size, has_results = time.monotonic(), 0, 0, False
        await self._send(message)
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await self._receive()
                messages, size = messages + 1, size + found.ByteSize()
                has_results |= FIRST_CARD in found.delta.new_element.html.body
                if found.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY and found.HasField("script_finished"):
                    return Page(time.monotonic() - began, has_results, messages, size)

    async def _send(self, message: BackMsg) -> None:
        assert self._socket
        await self._socket.send(message.SerializeToString())

    async def _receive(self) -> ForwardMsg:
        """The next message; what it says of the page is remembered as a browser would."""
        assert self._socket
        data = await self._socket.recv(decode=False)
        found: ForwardMsg = ForwardMsg.FromString(data)
        kind = found.WhichOneof("type")
        if kind == "navigation":
            self._page = found.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query_string = found.page_info_changed.query_string
        elif kind == "auto_rerun":
            await self._stop_automatic()
            again = self._again(found.auto_rerun.interval, found.auto_rerun.fragment_id)
            self._automatic = asyncio.create_task(again)
        elif kind == "delta":
            element = found.delta.new_element
            if element.HasField("text_input") and element.text_input.form_id:
                self._question = element.text_input.id
            elif element.HasField("button") and element.button.is_form_submitter:
                self._submit = element.button.id
        return found

    async def _again(self, interval: float, fragment: str) -> None:
        """What a browser does by itself: run a part of the page again, every `interval` seconds."""
        while True:
            await asyncio.sleep(interval)
            message = self._message()
            message.rerun_script.fragment_id = fragment
            message.rerun_script.is_auto_rerun = True
            await self._send(message)

    async def _stop_automatic(self) -> None:
        if self._automatic:
            self._automatic.cancel()
            self._automatic = None
