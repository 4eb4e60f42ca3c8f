"""Tests for `dcgan/training/order.py`: random generators and the order of pictures."""

from __future__ import annotations

from itertools import chain

import torch

from dcgan.config import TrainConfig
from dcgan.training.order import STEP, Order, generator_for


def test_generators_depend_on_all_three_arguments():
    """Seed, purpose and position each change the numbers; the same three give them again."""

    def draw(*key):
        return tuple(torch.rand(4, generator=generator_for(*key)).tolist())

    keys = [(s, p, n) for s in (0, 1) for p in (0, 1) for n in (0, 32, 2**40)]
    assert len({draw(*key) for key in keys}) == len(keys)
    assert draw(1, STEP, 32) == draw(1, STEP, 32)


def test_an_epoch_shows_each_picture_once():
    """Without drop_last every picture comes once an epoch, the last batch being smaller; epochs differ in order."""
    order, seen, nimg = Order(TrainConfig(batch=4, epochs=2), 10), [], 0
    while nimg < 20:
        batch = order.batch_at(nimg)
        seen.append(batch.tolist())
        nimg += len(batch)
    assert [len(batch) for batch in seen] == [4, 4, 2, 4, 4, 2]
    first, second = list(chain(*seen[:3])), list(chain(*seen[3:]))
    assert sorted(first) == sorted(second) == list(range(10)) and first != second


def test_drop_last_keeps_batches_whole():
    """With drop_last all batches have the same size, and an epoch ends before the rest."""
    order = Order(TrainConfig(batch=4, drop_last=True), 10)
    assert [len(order.batch_at(nimg)) for nimg in range(0, 40, 4)] == [4] * 10


def test_any_position_is_found_from_nimg_alone():
    """A new Order gives the same batch at a position as one that was used from the start."""
    config = TrainConfig(batch=4)
    straight = Order(config, 10)
    batches = {nimg: straight.batch_at(nimg).tolist() for nimg in (0, 4, 8, 10, 14, 18, 20)}
    for nimg, batch in batches.items():
        assert Order(config, 10).batch_at(nimg).tolist() == batch
