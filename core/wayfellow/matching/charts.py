"""Lay out the report's charts: numbers in, coordinates out; the template draws them."""

from __future__ import annotations

from dataclasses import dataclass

from wayfellow.matching.figures import Bin, Load

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BASE = 480, 200, 44, 472, 24, 170


@dataclass(frozen=True, slots=True)
class Bar:
    """Be a rectangle; ``kind`` is its class."""

    x: float
    y: float
    width: float
    height: float
    kind: str = "c1"


@dataclass(frozen=True, slots=True)
class Label:
    """Be a text at a place of an axis, at ``x`` or at ``y``."""

    text: str
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Rule:
    """Be a marked value: a line at ``x`` with its text beside it, on the side where there is room."""

    x: float
    text: str

    @property
    def anchor(self) -> str:
        """Return the end of the text that stands at the line."""
        return "start" if self.x < (LEFT + RIGHT) / 2 else "end"

    @property
    def text_x(self) -> float:
        """Return where the text stands."""
        return self.x + (6 if self.anchor == "start" else -6)


@dataclass(frozen=True, slots=True)
class Chart:
    """Hold a laid-out chart; ``label`` says in a sentence what it shows."""

    label: str
    bars: tuple[Bar, ...]
    grid: tuple[Label, ...]
    ticks: tuple[Label, ...]
    median: Rule | None = None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    base: int = BASE


def score_chart(bins: list[Bin], median: float) -> Chart:
    """Return the histogram of scores, with the median marked."""
    top = _round_up(max(item.count for item in bins))
    step = (RIGHT - LEFT) / len(bins)
    bars = [_bar(LEFT + i * step, step, 0, item.count, top, "c1") for i, item in enumerate(bins)]
    edges = [*(item.low for item in bins), bins[-1].high]
    ticks = [Label(f"{edge:.2f}", x=LEFT + i * step) for i, edge in enumerate(edges) if i % 2 == 0]
    place = LEFT + (RIGHT - LEFT) * median / bins[-1].high
    busiest = max(bins, key=lambda item: item.count)
    label = (
        f"Scores of {sum(item.count for item in bins):,} pairs; most, {busiest.count:,}, "
        f"lie from {busiest.low:.2f} to {busiest.high:.2f}; the median is {median:.3f}"
    )
    rule = Rule(round(place, 1), f"median {median:.3f}")
    return Chart(label, tuple(bars), _grid(top), tuple(ticks), rule)


def load_chart(loads: list[Load]) -> Chart:
    """Return mentors by mentees they got: those with a place left above those without."""
    top = _round_up(max(item.mentors for item in loads))
    step = min(64.0, (RIGHT - LEFT) / len(loads))
    bars = []
    for i, item in enumerate(loads):
        bars.append(_bar(LEFT + i * step, step, 0, item.mentors - item.spare, top, "c1"))
        bars.append(_bar(LEFT + i * step, step, item.mentors - item.spare, item.spare, top, "c3"))
    every = len(loads) // 12 + 1
    ticks = [
        Label(str(item.mentees), x=round(LEFT + (i + 0.5) * step, 1)) for i, item in enumerate(loads) if i % every == 0
    ]
    spare = sum(item.spare for item in loads)
    label = f"{sum(item.mentors for item in loads):,} mentors by the mentees they got; {spare:,} have a place left"
    return Chart(label, tuple(bar for bar in bars if bar.height), _grid(top), tuple(ticks))


def _bar(x: float, step: float, below: int, count: int, top: int, kind: str) -> Bar:
    scale = (BASE - TOP) / top
    gap = min(3.0, step / 8)
    return Bar(
        round(x + gap, 1),
        round(BASE - (below + count) * scale, 1),
        round(step - 2 * gap, 1),
        round(count * scale, 1),
        kind,
    )


def _grid(top: int) -> tuple[Label, ...]:
    values = [top // 2, top] if top > 1 else [top]
    return tuple(Label(f"{value:,}", y=round(BASE - value * (BASE - TOP) / top, 1)) for value in values)


def _round_up(value: int) -> int:
    """Return the next even number with at most two digits before its zeros, for the top of an axis."""
    step = 2 * int("1" + "0" * (len(str(value)) - 2))
    return max(2, -(-value // step) * step)
