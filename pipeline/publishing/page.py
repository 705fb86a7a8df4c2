"""The shell of a page: one file, no request to any network, no script but our own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from pipeline.publishing.visible import plain, shown


def asset(name: str) -> str:
    """Return the text of a file that ships in `assets`."""
    return files("pipeline.publishing").joinpath("assets", name).read_text(encoding="utf-8")


def page(title: str, body: str, *, styles: Sequence[str], script: str = "") -> str:
    """Return a whole HTML page.

    The policy forbids every request, and every script or style but the two inline ones, by their hash (CSP
    Level 3); so even a mistake in escaping could neither run nor send anything. `data:` images allow the
    empty icon, which keeps a browser from asking for one.

    Args:
        title: text of the title.
        body: HTML of the body.
        styles: names of the style sheets in `assets`, joined in order.
        script: name of the script in `assets`, run after the body; empty for none.
    """
    style = "".join(asset(name) for name in styles)
    code = asset(script) if script else ""
    policy = "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(code)}'" if code else "script-src 'none'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return (
        '<!doctype html>\n<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="robots" content="noindex">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="generator" content="terjiman">\n'
        f"<title>{plain(title)}</title>\n"
        '<link rel="icon" href="data:,">\n'
        f"<style>{style}</style>\n</head>\n<body>\n{body}\n"
        + (f"<script>{code}</script>\n" if code else "")
        + "</body>\n</html>\n"
    )


def banner(notices: Sequence[str]) -> str:
    """Return the warnings that stand above everything else, as HTML; empty for none."""
    lines = "".join(f"<p>{shown(notice)}</p>" for notice in dict.fromkeys(notices) if notice)
    return f'<aside class="notice" role="note"><h2>Read this first</h2>{lines}</aside>' if lines else ""


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
