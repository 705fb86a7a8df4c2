"""A stand-in for the hub over loopback: as much of its interface as a pull uses, and its ways to fail."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LARGE = (".safetensors", ".gguf", ".bin")  # kept in large file storage, announced with their sha256


@dataclass
class Hub:
    """What the stand-in serves, how it misbehaves, and what was asked of it.

    Attributes:
        repositories: `owner/name` or `owner/name@revision` -> file name -> content.
        cuts: file name -> offsets at which the connection breaks, one a request, in order.
        lies: file name -> content that is sent instead of what was announced.
        status: answered to everything instead, if not 0.
        converted: `owner/name` -> numbers of the pull requests of the hub's converter.
        pause: seconds between two pieces of a file.
        asked: path and Range header of each request.
        busy: status and headers of refusals: as many requests get one, in order.
        elsewhere: address of another server that has the large files.
        tokens: path and Authorization header of each request.
    """

    repositories: dict[str, dict[str, bytes]] = field(default_factory=dict)
    cuts: dict[str, list[int]] = field(default_factory=dict)
    lies: dict[str, bytes] = field(default_factory=dict)
    status: int = 0
    ranges: bool = True
    converted: dict[str, list[int]] = field(default_factory=dict)
    pause: float = 0.0
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""
    busy: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    elsewhere: str = ""
    tokens: list[tuple[str, str]] = field(default_factory=list)

    def commit(self, key: str) -> str:
        """Return the commit of a repository's revision: a function of its content."""
        total = hashlib.sha1(usedforsecurity=False)
        for name, data in sorted(self.repositories[key].items()):
            total.update(name.encode() + data)
        return total.hexdigest()

    def find(self, hub: str, revision: str) -> str:
        """Return the key of a repository at a revision; empty for none."""
        for key in self.repositories:
            if key.split("@")[0] != hub:
                continue
            if revision in (*key.split("@")[1:], self.commit(key)) or ("@" not in key and revision == "main"):
                return key
        return ""

    def fetched(self, name: str) -> list[str]:
        """Return the Range headers of the requests for a file."""
        return [sent for path, sent in self.asked if path.endswith(f"/{name}")]


def _sibling(name: str, data: bytes) -> dict[str, object]:
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    facts: dict[str, object] = {"rfilename": name, "size": len(data), "blobId": blob}
    if name.endswith(LARGE):
        sha256 = hashlib.sha256(data).hexdigest()
        facts["lfs"] = {"sha256": sha256, "size": len(data), "pointerSize": 134}
    return facts


class _Handler(BaseHTTPRequestHandler):
    hub: Hub

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer as the hub does."""
        path = urlsplit(self.path).path.replace("%2F", "/")
        self.hub.asked.append((path, self.headers.get("Range", "")))
        self.hub.tokens.append((path, self.headers.get("Authorization", "")))
        if self.hub.busy:
            self._send(self.hub.busy[0][0], b"{}", self.hub.busy.pop(0)[1])
        elif self.hub.elsewhere and path.endswith(LARGE):
            self._send(302, b"", {"Location": self.hub.elsewhere + path})
        elif self.hub.status:
            self._send(
                self.hub.status, b"{}", {"X-Error-Code": "GatedRepo"} if self.hub.status == 403 else {}
            )
        elif path.startswith("/api/models/"):
            self._api(path.removeprefix("/api/models/"))
        else:
            self._file(path.strip("/"))

    def _api(self, path: str) -> None:
        owner, name, *rest = path.split("/")
        hub = f"{owner}/{name}"
        if rest == ["discussions"]:
            self._json(self._discussions(hub))
            return
        key = self.hub.find(hub, "/".join(rest[1:]) if rest else "main")
        if not key:
            known = any(one.split("@")[0] == hub for one in self.hub.repositories)
            self._send(404, b"{}", {"X-Error-Code": "RevisionNotFound" if known else "RepoNotFound"})
            return
        files = self.hub.repositories[key]
        siblings = [_sibling(one, data) for one, data in files.items()]
        self._json({"id": hub, "modelId": hub, "sha": self.hub.commit(key), "siblings": siblings})

    def _discussions(self, hub: str) -> dict[str, object]:
        numbers = self.hub.converted.get(hub, [])
        rows = [
            {
                "title": "Adding `safetensors` variant of this model",
                "num": number,
                "author": {"name": "SFconvertbot"},
                "createdAt": "2024-01-01T00:00:00.000Z",
                "status": "open",
                "repo": {"name": hub, "type": "model"},
                "isPullRequest": True,
            }
            for number in numbers
        ]
        return {"discussions": rows, "count": len(rows), "start": 0}

    def _file(self, path: str) -> None:
        owner, name, _, commit, file = path.split("/", 4)
        key = self.hub.find(f"{owner}/{name}", commit)
        if not key or file not in self.hub.repositories[key]:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound"})
            return
        data = self.hub.lies.get(file, self.hub.repositories[key][file])
        start = 0
        if self.hub.ranges and (sent := self.headers.get("Range")):
            start = int(sent.removeprefix("bytes=").rstrip("-"))
        cuts = self.hub.cuts.get(file, [])
        end = cuts.pop(0) if cuts else len(data)
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(data) - start))
        self.send_header("X-Repo-Commit", commit)
        self.end_headers()
        for at in range(start, end, 65536):
            self.wfile.write(data[at : min(at + 65536, end)])
            self.wfile.flush()
            time.sleep(self.hub.pause)
        self.close_connection = True

    def _json(self, value: object) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients that are killed in these tests hang up."""


@contextmanager
def serve() -> Iterator[Hub]:
    """Yield a stand-in that runs until the end of the block."""
    hub = Hub()
    handler = type("Handler", (_Handler,), {"hub": hub})
    with _Server(("127.0.0.1", 0), handler) as server:
        hub.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield hub
        server.shutdown()
