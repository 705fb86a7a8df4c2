"""Models from the hub, or from a mirror that speaks like it.

The hub's own library finds the address, the token and the proxies (`HF_ENDPOINT`, `HF_TOKEN`,
`HTTPS_PROXY`, …) and lists the files; a file itself is fetched in pieces, since that library (2.4) begins it
anew after a kill. Every file is fetched at one commit and checked against what the listing announced: the
sha256 of large files, git's own id of small ones.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpora.errors import MissingError, TerjimanError, UsageError
from models.catalog import Variant
from models.fetching import patience, selection
from models.fetching.partial import Expected

if TYPE_CHECKING:
    from huggingface_hub import HfApi

# the hub's own converter, and the title it gives its pull requests (as transformers looks for them)
_CONVERTER = "SFconvertbot"
_CONVERTED = "Adding `safetensors` variant of this model"
_TRIES = 4
_TIMEOUT = 30.0  # seconds without a byte


@dataclass(frozen=True, slots=True)
class Listing:
    """What is to be fetched.

    Attributes:
        hub: the repository.
        commit: at which every file is taken.
        files: of the model, small ones first.
        endpoint: address of a mirror, which is not told the token; empty for the usual hub.
        note: what the user should know of where the files come from.
    """

    hub: str
    commit: str
    files: tuple[Expected, ...]
    endpoint: str = ""
    note: str = ""

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.size for file in self.files)

    def place(self, file: str) -> str:
        """Return what to call a file of it, or all of it, in messages."""
        return f"{self.hub}, {file}" if file else self.hub

    @property
    def origin(self) -> str:
        """Return what identifies the content: repository, commit, files."""
        return f"{self.hub}@{self.commit} {' '.join(file.name for file in self.files)}"


def _silent(message: str) -> None:
    """Say nothing."""


def listing(
    variant: Variant,
    *,
    revision: str = "",
    quantisation: str = "",
    endpoint: str = "",
    say: Callable[[str], None] = _silent,
) -> Listing:
    """Ask the hub for the files of a model.

    Args:
        revision: branch, tag or commit instead of the catalog's.
        quantisation: which GGUF file instead of the catalog's.
        endpoint: address of a mirror; the token is for the hub and is not sent there.
        say: hears why nothing happens for a while.

    Raises:
        MissingError: no network, no access, no such repository or revision.
        UsageError: the repository offers pickles only, or not the form asked for.
    """
    _quiet()
    from huggingface_hub import HfApi

    api = HfApi(endpoint=endpoint or None, token=False if endpoint else None)

    def asked(wanted: str | None) -> Any:
        return patience.patiently(
            lambda: api.model_info(variant.hub, revision=wanted, files_metadata=True, timeout=_TIMEOUT), say
        )

    with _network_errors(variant.hub, api.endpoint):
        info = asked(revision or variant.revision or None)
        note = ""
        if variant.format == "safetensors" and not selection.has_safetensors(_names(info)):
            number = patience.patiently(lambda: _converted(api, variant.hub), say)
            if number is not None:
                info = asked(f"refs/pr/{number}")
                note = (
                    f"{variant.hub} itself holds pickles only: taking the safetensors that the hub's own "
                    f"converter ({_CONVERTER}) made of them, pull request {number}"
                )
    place = f"{variant.hub} on {api.endpoint}"
    chosen = selection.choose(_names(info), variant.format, quantisation or variant.quantisation, place=place)
    known = {sibling.rfilename: sibling for sibling in info.siblings or ()}
    files = tuple(_expected(known[name], place) for name in selection.order(chosen))
    if not info.sha:
        raise MissingError("the hub names no commit", place=place)
    return Listing(variant.hub, info.sha, files, endpoint, note)


def pieces(asked: Listing, name: str, say: Callable[[str], None], start: int) -> Iterator[tuple[int, bytes]]:
    """Yield a file from a byte on, as (offset, bytes); go on after a broken connection or a busy server.

    Raises:
        MissingError: no network, no access, or the connection breaks again and again without a byte.
    """
    _quiet()
    from huggingface_hub import hf_hub_url

    url = hf_hub_url(asked.hub, name, revision=asked.commit, endpoint=asked.endpoint or None)
    offset, tries = start, 0
    while True:
        before = offset
        try:
            for at, piece in _stream(url, offset, token=not asked.endpoint):
                offset = at + len(piece)
                yield at, piece
            return
        except _broken() as error:
            tries = 0 if offset > before else tries + 1
            if tries >= _TRIES:
                raise _unreachable(asked.hub, url, error) from None
            time.sleep(min(2**tries, 8) / 2)
        except (OSError, ValueError) as error:
            tries = 0 if offset > before else tries
            seconds = patience.pause(error, tries) if isinstance(error, OSError) else None
            if seconds is None:
                raise _translated(error, asked.hub, url) from None
            say(f"the server is busy: asking again in {seconds:.0f} s")
            time.sleep(seconds)
            tries += 1


def _stream(url: str, start: int, *, token: bool) -> Iterator[tuple[int, bytes]]:
    from huggingface_hub.utils import (  # type: ignore[attr-defined]
        build_hf_headers,
        get_session,
        hf_raise_for_status,
    )

    headers = {**build_hf_headers(token=None if token else False), "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    with get_session().stream("GET", url, headers=headers, timeout=_TIMEOUT) as response:
        hf_raise_for_status(response)
        offset = start if response.status_code == 206 else 0
        for piece in response.iter_bytes():  # as they come: what a larger block held back would be lost
            yield offset, piece
            offset += len(piece)


def _converted(api: HfApi, hub: str) -> int | None:
    """Return the number of the newest pull request in which the hub's converter made safetensors."""
    asked = api.get_repo_discussions(hub, author=_CONVERTER, discussion_type="pull_request")
    return max(
        (
            one.num
            for one in asked
            if one.author == _CONVERTER and one.title == _CONVERTED and one.is_pull_request
        ),
        default=None,
    )


def _names(info: Any) -> list[str]:
    return [sibling.rfilename for sibling in info.siblings or () if "/" not in sibling.rfilename]


def _expected(sibling: Any, place: str) -> Expected:
    name = sibling.rfilename
    if sibling.lfs is not None:
        return Expected(name, sibling.lfs.size, sha256=sibling.lfs.sha256)
    if sibling.size is None or not sibling.blob_id:
        raise MissingError(f"the hub does not say how large {name} is", place=place)
    return Expected(name, sibling.size, blob=sibling.blob_id)


def _quiet() -> None:
    """See to it that the hub's library asks and tells nothing of its own; it reads this when imported."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def _broken() -> tuple[type[Exception], ...]:
    import httpx2

    return (httpx2.TransportError,)


@contextlib.contextmanager
def _network_errors(hub: str, url: str) -> Iterator[None]:
    try:
        yield
    except _broken() as error:
        raise _unreachable(hub, url, error) from None
    except (OSError, ValueError) as error:
        raise _translated(error, hub, url) from None


def _unreachable(hub: str, url: str, error: Exception) -> MissingError:
    return MissingError(
        f"{hub} cannot be reached ({str(error) or type(error).__name__})",
        place=url,
        fix="Check the network and run the same command again: it goes on where it stopped; or bring the "
        "files on a disk and give --from PATH",
    )


def _translated(error: Exception, hub: str, url: str) -> TerjimanError:
    """Return an error of the hub's library as one that a person can mend."""
    from huggingface_hub import errors

    if isinstance(error, errors.OfflineModeIsEnabled):
        return MissingError(
            "the environment forbids the hub (HF_HUB_OFFLINE)", fix="Unset it, or give --from PATH"
        )
    status = getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(error, errors.GatedRepoError) or status in (401, 403):
        return MissingError(
            f"the hub does not hand {hub} out to you ({status})",
            place=url,
            fix=f"Log in on huggingface.co, accept the terms on the page of {hub}, make an access token and "
            "set HF_TOKEN to it",
        )
    if isinstance(error, errors.RevisionNotFoundError):
        return MissingError(
            f"{hub} has no such revision", place=url, fix="Leave --revision out for the newest"
        )
    if status == 404:
        return MissingError(f"the hub has no {hub}, or not this file of it", place=url)
    if status is not None:
        wished = patience.wish(getattr(error.response, "headers", {}))  # type: ignore[attr-defined]
        when = f"in {wished:.0f} s" if wished else "later"
        return MissingError(
            f"the hub answered {status} for {hub}",
            place=url,
            fix=f"Run the same command again {when}: it goes on where it stopped",
        )
    if isinstance(error, errors.HFValidationError):
        return UsageError(f"the hub's library does not take this: {error}", place=hub)
    if isinstance(error, OSError) and error.errno is not None:
        raise error
    if isinstance(error, ValueError) and not isinstance(error, json.JSONDecodeError):
        return UsageError(
            f"the hub cannot be asked for {hub} ({error})",
            place=url,
            fix="Look at the environment: HTTPS_PROXY, HTTP_PROXY, HF_ENDPOINT, HF_TOKEN",
        )
    return MissingError(f"the hub's answer for {hub} makes no sense ({error})", place=url)
