"""Format a report as a Markdown table."""

from __future__ import annotations

import math

from dcgan.metrics.evaluate import Report, Row

# shown × 1000, as in the literature
THOUSANDS = ("KID",)


def markdown(report: Report) -> str:
    """Return the rows as a table, with floor and ceilings beside each score, and a line about counts and networks."""
    lines = [
        "| metric | features | better | score | real pictures | blurred | noised |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [_line(row) for row in report.rows]
    hashes = ", ".join(f"{name} `{sha256[:12]}`" for name, sha256 in report.extractors.items())
    lines += [
        "",
        f"{report.pictures:,} pictures in each column against {report.reference:,} held-out ones; {report.train:,} "
        f"training pictures; seeds from {report.seed}; feature networks {hashes}; {report.seconds:.0f} s. "
        "± is one standard error. Compare along a row, or with reports of the same counts and networks.",
    ]
    return "\n".join(lines)


def _line(row: Row) -> str:
    scale, name = (1000, f"{row.metric} × 1000") if row.metric in THOUSANDS else (1, row.metric)
    score, floor = (with_error(v * scale, e * scale) for v, e in ((row.score, row.error), (row.floor, row.floor_error)))
    ceilings = " | ".join(f"{value * scale:.3g}" for value in (row.ceiling_blur, row.ceiling_noise))
    return f"| {name} | {row.features} | {row.better} | {score} | {floor} | {ceilings} |"


def with_error(score: float, error: float) -> str:
    """Format 0.12345 and 0.0067 as "0.1235 ± 0.0067": the error is rounded to two digits, the score alike."""
    if not math.isfinite(error) or error <= 0:
        return f"{score:.3g}"
    digits = max(0, 1 - math.floor(math.log10(error)))
    return f"{score:.{digits}f} ± {error:.{digits}f}"
