"""Tests for `dcgan/training/control.py`: orders reach a trainer once, none is lost, and old ones are forgotten."""

from __future__ import annotations

import threading

from dcgan.training.control import CONTROL_FILE, Control, give_order


def test_each_order_is_taken_once(tmp_path):
    """An order is there when it is asked for, not before, and not again; others given with it stay."""
    control = Control(tmp_path)
    assert control.take("stop", "sample") == set()
    give_order(tmp_path, "sample")
    give_order(tmp_path, "save")
    assert control.take("sample") == {"sample"} and control.take("sample") == set()
    assert control.take("sample", "save", "stop") == {"save"}
    give_order(tmp_path, "sample")
    give_order(tmp_path, "sample")
    assert control.take("sample") == {"sample"} and control.take("sample") == set(), "two at once count as one"


def test_orders_of_several_senders_are_all_kept(tmp_path):
    """Threads that give orders at the same time, while the trainer reads, lose none."""
    control, taken = Control(tmp_path), set()
    begin = threading.Barrier(9)

    def give(order):
        begin.wait()
        for _ in range(100):
            give_order(tmp_path, order)

    threads = [threading.Thread(target=give, args=(("stop", "sample", "save")[i % 3],)) for i in range(8)]
    for thread in threads:
        thread.start()
    begin.wait()
    while any(thread.is_alive() for thread in threads):
        taken |= control.take("stop", "sample", "save")
    taken |= control.take("stop", "sample", "save")
    assert taken == {"stop", "sample", "save"}
    assert sorted((tmp_path / CONTROL_FILE).read_text().split()) == sorted(300 * ["sample", "stop"] + 200 * ["save"])


def test_an_order_that_ends_the_run_names_the_state_after_it(tmp_path):
    """To stop leaves a stopped run, to pause a paused one; where both were ordered, the run is stopped."""
    control = Control(tmp_path)
    assert control.take_ending() == ""
    give_order(tmp_path, "pause")
    assert control.take_ending() == "paused" and control.take_ending() == ""
    for order in ("pause", "sample", "stop"):
        give_order(tmp_path, order)
    assert control.take_ending() == "stopped" and control.take_ending() == ""
    assert control.take("sample") == {"sample"}


def test_only_whole_lines_with_known_orders_count(tmp_path):
    """Other words, bytes that are no text, and a line that is only half written, are no orders."""
    control, file = Control(tmp_path), tmp_path / CONTROL_FILE
    file.write_bytes(b"rm -rf\n\xff\xfe\nSTOP\n\nsample\nsto")
    assert control.take("stop", "sample", "rm", "STOP") == {"sample"}
    with file.open("ab") as half:
        half.write(b"p\n")
    assert control.take("stop") == {"stop"}


def test_a_new_trainer_forgets_the_orders_to_the_last_one(tmp_path):
    """What was ordered before the trainer began does not reach it, and what comes after does."""
    give_order(tmp_path, "stop")
    control = Control(tmp_path)
    assert control.take("stop") == set()
    give_order(tmp_path, "stop")
    assert control.take("stop") == {"stop"}
