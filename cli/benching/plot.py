"""Append time over the length of the log, and over the number of tenants: measured, and drawn as SVG by hand."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

from cli.benching.ground import Ground

Points = Sequence[tuple[int, float]]
WIDTH, HEIGHT, MARGIN = 360, 240, 52
LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
TENANTS = (10, 100, 1_000, 10_000)


def curves(ground: Ground) -> tuple[Points, Points]:
    """Seconds for an append, in the best of its rounds: by one writer at log lengths; by eight with so many tenants."""
    logs, many = ground.database("logs"), ground.database("tenants")
    lengths = [length for length in LENGTHS if length <= ground.scale.log]
    by_length = [(length, [str(ground.log_of(logs, length))]) for length in lengths]
    counts = [count for count in TENANTS if count <= ground.scale.tenants * 20]
    tenants = ground.empty_logs(many, counts[-1])
    by_tenants = [(count, tenants[:count]) for count in counts]
    return _curve(ground, logs, by_length, 1), _curve(ground, many, by_tenants, 8)


def _curve(ground: Ground, database: str, points: Sequence[tuple[int, list[str]]], threads: int) -> Points:
    url, seconds = ground.url(database), ground.scale.seconds
    workers = [ground.workers("appends", url=url, tenants=some, threads=threads)[0] for _, some in points]
    found: list[list[float]] = [[] for _ in points]
    for _ in range(ground.scale.rounds + 2):
        for worker, times in zip(workers, found, strict=True):
            times.append(1 / worker.round(seconds=seconds)["rate"])
    for worker in workers:
        worker.close()
    return [(x, min(times)) for (x, _), times in zip(points, found, strict=True)]


def svg_of(over_length: Points, over_tenants: Points) -> str:
    """Both curves side by side; x is logarithmic, y begins at nothing."""
    left = _panel(over_length, "events in the log (one writer)", 0)
    right = _panel(over_tenants, "tenants (eight writers)", WIDTH)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT}" '
        'font-family="Noto Sans, sans-serif" font-size="11" role="img">\n'
        "<title>Milliseconds for an append, over the length of its log and over the number of tenants</title>\n"
        f'<rect width="{2 * WIDTH}" height="{HEIGHT}" fill="#fff"/>\n{left}{right}</svg>\n'
    )


def _panel(points: Points, label: str, at: int) -> str:
    top = max(y for _, y in points) * 1.25
    span = log10(points[-1][0]) - log10(points[0][0]) or 1

    def x(value: int) -> float:
        return at + MARGIN + (log10(value) - log10(points[0][0])) / span * (WIDTH - 2 * MARGIN)

    def y(seconds: float) -> float:
        return HEIGHT - MARGIN - seconds / top * (HEIGHT - 2 * MARGIN)

    base, left, right = HEIGHT - MARGIN, at + MARGIN, at + WIDTH - MARGIN
    line = " ".join(f"{x(value):.1f},{y(seconds):.1f}" for value, seconds in points)
    parts = [
        f'<path d="M{left},{MARGIN} V{base} H{right}" fill="none" stroke="#505a5f"/>',
        f'<polyline points="{line}" fill="none" stroke="#1d70b8" stroke-width="2"/>',
        f'<text x="{(left + right) / 2:.0f}" y="{HEIGHT - 14}" text-anchor="middle">{label}</text>',
        f'<text x="{left}" y="{MARGIN - 12}">ms an append</text>',
    ]
    for value, seconds in points:
        parts += [
            f'<circle cx="{x(value):.1f}" cy="{y(seconds):.1f}" r="3" fill="#1d70b8"/>',
            f'<text x="{x(value):.1f}" y="{y(seconds) - 8:.1f}" text-anchor="middle">{seconds * 1000:.2f}</text>',
            f'<text x="{x(value):.1f}" y="{base + 16}" text-anchor="middle">{value:,}</text>',
        ]
    return "\n".join(parts) + "\n"
