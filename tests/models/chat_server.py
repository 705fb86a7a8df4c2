"""A stand-in for an OpenAI-compatible server, on the loopback interface, polite or hostile."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWERS = {
    "kk": "Лагерь жабылды, солай.",
    "ug": "لاگېر تاقالدى، شۇنداق.",
    "ru": "Лагерь закрыли, вот так.",
    "zh": "营地关闭了，就是这样。",
}
_NAMES = {"kk": "Kazakh", "ug": "Uyghur", "ru": "Russian", "zh": "Chinese"}


@dataclass
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Server:
    """What the stand-in says, and what it was asked.

    `reply` makes the raw answer to a chat request, (status, headers, body), from its JSON.
    """

    url: str = ""
    models: list[dict[str, Any]] = field(
        default_factory=lambda: [{"id": "hy-mt2-1.8b", "owned_by": "llamacpp"}]
    )
    reply: Callable[[dict[str, Any]], tuple[int, dict[str, str], bytes]] | None = None
    busy: int = 0
    asked: list[Asked] = field(default_factory=list)

    def chats(self) -> list[dict[str, Any]]:
        """Return the bodies of the chat requests."""
        return [one.body for one in self.asked if one.path.endswith("/chat/completions")]


def completion(text: str | None, reason: str = "stop", **more: Any) -> tuple[int, dict[str, str], bytes]:
    """Return a well-formed answer."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason, **more}
    return 200, {}, json.dumps({"choices": [choice]}).encode()


def translation(body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
    """Answer as a translator would: by the language that the prompt names."""
    words = body["messages"][0]["content"]
    lang = next(code for code, name in _NAMES.items() if f"into {name}" in words)
    last = body["messages"][-1]
    begun = last["content"] if last["role"] == "assistant" else ""
    return completion(ANSWERS[lang].removeprefix(begun))


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Run a stand-in as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.asked.append(Asked(self.path, dict(self.headers), {}))
            self._send(200, {}, json.dumps({"object": "list", "data": server.models}).encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.asked.append(Asked(self.path, dict(self.headers), body))
            if server.busy:
                server.busy -= 1
                self._send(503, {}, b'{"error": {"type": "unavailable_error", "message": "Loading model"}}')
                return
            self._send(*(server.reply or translation)(body))

        def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with_errors = (BrokenPipeError, ConnectionResetError)
            try:
                self.wfile.write(body)
            except with_errors:
                return  # the client had enough

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
