"""Draw a range of doodles in another process: `python -m dcgan.data.doodles.drawing_process SEED FIRST END SIZE`.

Python threads share one core, so several processes draw faster. The result goes to standard output: the bytes of the
pictures, then the factors as int64.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from dcgan.data.doodles.draw_one import draw_one
from dcgan.data.doodles.factors import FACTORS

PACKAGE = Path(__file__).resolve().parents[3]


class DrawingProcess:
    """A process that draws doodles FIRST … END - 1 of a seed; a context manager that ends the process."""

    def __init__(self, seed: int, first: int, end: int, size: int) -> None:
        self.first, self.end, self._size = first, end, size
        self._output = tempfile.TemporaryFile()  # noqa: SIM115, closed by __exit__
        arguments = [str(number) for number in (seed, first, end, size)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, *arguments],
            cwd=PACKAGE,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> DrawingProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        self._output.close()

    def take(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]] | None:
        """Wait for pictures [n, 3, size, size] and factors [n, len(FACTORS)]; None if the process failed."""
        if self._process.wait() != 0:
            return None
        self._output.seek(0)
        data, n = self._output.read(), self.end - self.first
        pixels = n * 3 * self._size**2
        if len(data) != pixels + n * len(FACTORS) * 8:
            return None
        pictures = np.frombuffer(data, np.uint8, pixels).reshape(n, 3, self._size, self._size)
        return pictures, np.frombuffer(data, np.int64, offset=pixels).reshape(n, len(FACTORS))


def main(arguments: list[str]) -> None:
    seed, first, end, size = map(int, arguments)
    drawn = [draw_one(seed, i, size) for i in range(first, end)]
    for picture, _ in drawn:
        sys.stdout.buffer.write(picture.tobytes())
    sys.stdout.buffer.write(np.array([values for _, values in drawn], np.int64).tobytes())


if __name__ == "__main__":
    main(sys.argv[1:])
