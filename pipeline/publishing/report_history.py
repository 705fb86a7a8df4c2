"""What past runs reached, and small plots of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from pipeline.publishing.tables import table_of, text_cell
from pipeline.publishing.words import METRICS, language_name

_WIDTH, _HEIGHT, _EDGE = 130, 40, 4
_SHOWN = 40  # runs in a plot


@dataclass(frozen=True, slots=True)
class StageTime:
    """How much of a run a stage took: units done, segments in them, seconds."""

    stage: str
    units: int
    segments: int
    seconds: float


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run that changed something, in the numbers that are worth following.

    Attributes:
        when: local time with its zone.
        digest: of the results it ended with.
        models: names by language.
        scores: by language and metric, each with `score` and `ci`.
        errors, terms: by language, (part, whole): segments with an error; terms that are right.
        seconds: how long it took. stages: where they went.
    """

    when: str
    digest: str
    models: Mapping[str, str]
    scores: Mapping[str, Mapping[str, Any]]
    errors: Mapping[str, tuple[int, int]]
    terms: Mapping[str, tuple[int, int]]
    seconds: float | None = None
    stages: tuple[StageTime, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """A value in a plot, its interval where it has one, and what to say of it."""

    value: float
    label: str
    low: float | None = None
    high: float | None = None


def plot(points: Sequence[Point], label: str) -> str:
    """Return a small line over the points, with a band for the intervals, as inline SVG.

    The scale is that of the data. A point stands alone as a dot; each says its label when pointed at.
    """
    bounds = [
        value for point in points for value in (point.low, point.high, point.value) if value is not None
    ]
    low, high = min(bounds), max(bounds)
    span = (high - low) or 1.0
    step = (_WIDTH - 2 * _EDGE) / max(1, len(points) - 1)

    def place(index: int, value: float) -> str:
        x = _EDGE + index * step if len(points) > 1 else _WIDTH / 2
        y = _EDGE + (high - value) / span * (_HEIGHT - 2 * _EDGE) if high > low else _HEIGHT / 2
        return f"{x:.1f},{y:.1f}"

    upper = [place(i, point.high) for i, point in enumerate(points) if point.high is not None]
    lower = [place(i, point.low) for i, point in enumerate(points) if point.low is not None]
    band = f'<polygon points="{" ".join([*upper, *reversed(lower)])}"></polygon>' if len(upper) > 1 else ""
    line = " ".join(place(i, point.value) for i, point in enumerate(points))
    dots = "".join(_dot(place(i, point.value), point) for i, point in enumerate(points))
    return (
        f'<svg class="plot" width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(label)}">{band}<polyline points="{line}"></polyline>{dots}</svg>'
    )


def _dot(place: str, point: Point) -> str:
    x, y = place.split(",")
    return f'<circle cx="{x}" cy="{y}" r="2.2"><title>{escape(point.label)}</title></circle>'


def render_history(runs: Sequence[PastRun], langs: Sequence[str]) -> str:
    """Return the plots of past runs as a section, oldest run at the left; empty below two runs."""
    shown = list(runs)[-_SHOWN:]
    if len(shown) < 2:
        return ""
    metrics = list(dict.fromkeys(name for run in shown for scores in run.scores.values() for name in scores))
    rows = [
        (
            f'<th scope="row">{escape(language_name(lang))}</th>',
            *(_plotted(_scores(shown, lang, name), f"{METRICS.get(name, name)}, {lang}") for name in metrics),
            _plotted(_shares(shown, lang, "errors"), f"segments with errors, {lang}"),
            _plotted(_shares(shown, lang, "terms"), f"terms right, {lang}"),
        )
        for lang in langs
    ]
    heads = ("Language", *(METRICS.get(name, name) for name in metrics))
    table = table_of("Past runs", (*heads, "Segments with errors, %", "Terms right, %"), rows)
    since = escape(shown[0].when)
    return (
        f"<section><h2>Over the last {len(shown)} runs</h2><p>Oldest at the left, since {since}; only runs "
        "that changed a result. The number is the latest; the band is the 95 % interval. Each plot has its "
        f"own scale.</p>{table}</section>"
    )


def _plotted(points: Sequence[Point], label: str) -> str:
    if not points:
        return text_cell("–", "number")
    return f"<td>{plot(points, label)}<br>{points[-1].value:.1f}</td>"


def _scores(runs: Sequence[PastRun], lang: str, metric: str) -> list[Point]:
    points = []
    for run in runs:
        found = run.scores.get(lang, {}).get(metric)
        if found is not None:
            low, high = found.get("ci") or (None, None)
            points.append(Point(float(found["score"]), f"{run.when}: {found['score']:.1f}", low, high))
    return points


def _shares(runs: Sequence[PastRun], lang: str, what: str) -> list[Point]:
    points = []
    for run in runs:
        part, whole = (run.errors if what == "errors" else run.terms).get(lang, (0, 0))
        if whole:
            points.append(Point(100 * part / whole, f"{run.when}: {part} of {whole}"))
    return points
