"""A plot of times by size, both axes by powers of ten, as an SVG of a few lines."""

from collections.abc import Callable, Mapping, Sequence
from math import log10

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 70, 120, 20, 50
COLOURS = {
    "goal fair": "#0b5a62",
    "plain flow": "#8a2f0a",
    "scipy milp": "#5b5f97",
    "networkx": "#6b7280",
}
HEAD = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"
 font-family="sans-serif" font-size="13" role="img">"""
Times = Mapping[int, Mapping[str, float]]


def drawn(times: Times) -> str:
    """SVG text: CPU seconds by solver (inner key) over the number of localities."""
    across = _scale([*times], LEFT, WIDTH - RIGHT)
    up = _scale(
        [s for row in times.values() for s in row.values()], HEIGHT - BOTTOM, TOP
    )
    lines = [
        HEAD,
        "<title>CPU seconds by number of localities</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
    ]
    for size in times:
        x = across(size)
        lines.append(
            f'<text x="{x:.0f}" y="{HEIGHT - 25}" text-anchor="middle">{size:,}</text>'
        )
    for power in range(*_powers(times)):
        y = up(10.0**power)
        lines += [
            f'<path d="M{LEFT} {y:.0f}H{WIDTH - RIGHT}" stroke="#ddd"/>',
            f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g} s</text>',
        ]
    for name, colour in COLOURS.items():
        points = [(across(n), up(row[name])) for n, row in times.items() if name in row]
        path = "L".join(f"{x:.0f} {y:.0f}" for x, y in points)
        x, y = points[-1]
        lines += [
            f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>',
            f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{colour}">{name}</text>',
        ]
    middle = (LEFT + WIDTH - RIGHT) // 2
    lines.append(
        f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">localities</text></svg>'
    )
    return "\n".join(lines) + "\n"


def _powers(times: Times) -> tuple[int, int]:
    seconds = [s for row in times.values() for s in row.values()]
    return int(log10(min(seconds)) // 1), int(log10(max(seconds)) // 1) + 2


def _scale(values: Sequence[float], begin: int, end: int) -> Callable[[float], float]:
    low, high = log10(min(values)), log10(max(values))
    low, high = low // 1, high // 1 + 1
    return lambda value: begin + (log10(value) - low) / (high - low) * (end - begin)
