"""Orders to a trainer, through the file `control` in its run's folder: each line is one of ORDERS.

Whoever gives an order appends a line, so two orders at once are both kept. The trainer reads each line once. It deletes
the file when it begins, because what is in it then was for an earlier trainer.
"""

from __future__ import annotations

from pathlib import Path

CONTROL_FILE = "control"
# Orders that end the trainer, and the run's state after that. Where both were given, the first counts.
ENDINGS = {"stop": "stopped", "pause": "paused"}
ORDERS = (*ENDINGS, "sample", "save")


def give_order(run: Path, order: str) -> None:
    """Give one of ORDERS to the trainer of a run, which obeys after its present step."""
    assert order in ORDERS, order
    with (run / CONTROL_FILE).open("ab") as file:
        file.write(f"{order}\n".encode())


class Control:
    """The orders that the trainer of a run has not obeyed yet. Lines that are none of ORDERS are passed over."""

    def __init__(self, run: Path) -> None:
        self._file = run / CONTROL_FILE
        self._file.unlink(missing_ok=True)
        self._bytes_read = 0
        self._waiting: set[str] = set()

    def take_ending(self) -> str:
        """Return the state to which an order given since the last call ends the run; "" where none was given."""
        taken = self.take(*ENDINGS)
        return next((state for order, state in ENDINGS.items() if order in taken), "")

    def take(self, *orders: str) -> set[str]:
        """Return those of some orders that were given since they were last taken."""
        self._read_on()
        taken = self._waiting & set(orders)
        self._waiting -= taken
        return taken

    def _read_on(self) -> None:
        if not self._file.is_file():
            return
        with self._file.open("rb") as file:
            file.seek(self._bytes_read)
            whole_lines = file.read().rpartition(b"\n")[:2]
        self._bytes_read += sum(map(len, whole_lines))
        self._waiting |= set(whole_lines[0].decode("utf-8", "replace").split()) & set(ORDERS)
