"""Requests to start a training run, and requests about an existing run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, PlainValidator

from dcgan.errors import RequestError
from dcgan.schema.base import Schema, pick, read, read_object
from dcgan.schema.numbers import check_choice, check_text, show

LONGEST_TEXT = 500
MAX_TOKENS = 100
MOVES = ("up", "down")  # in the queue of runs
# Settings that a request may contain. The others name folders on this machine, or are derived.
OVERRIDES = (
    *("image_size", "nc", "nz", "ngf", "ndf", "d_norm", "mbstd"),
    *("init", "seed", "epochs", "kimg", "batch", "drop_last"),
    *("loss", "lr_g", "lr_d", "beta1", "beta2", "anneal", "r1_gamma", "r2_gamma", "r1_every"),
    *("xflip", "augment", "negatives", "ema_kimg", "ema_rampup"),
    *("log_every", "line_every", "sample_every", "snapshot_every", "state_every", "keep_snapshots", "eval_every"),
    *("precision", "threads"),
)

Scalar = bool | int | float | str


def parse_overrides(raw: object) -> dict[str, Scalar]:
    """Check names and types of settings such as {"batch": 64, "lr_g": "1e-4"}; None means none.

    `dcgan.config.make_config` checks their ranges.
    """
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise RequestError(f"overrides must be a JSON object of settings, such as {{'batch': 64}}, not {show(raw)}.")
    for name, value in raw.items():
        if name not in OVERRIDES:
            raise RequestError(f"There is no setting {show(name)}; choose from {', '.join(OVERRIDES)}.")
        plain = isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))
        if not plain and not (isinstance(value, str) and len(value) <= LONGEST_TEXT):
            raise RequestError(f"The setting {name} must be a number, text, true or false, not {show(value)}.")
    return dict(raw)


def _text(name: str) -> PlainValidator:
    return PlainValidator(lambda value: check_text(value, name, LONGEST_TEXT))


class TrainRequest(Schema):
    """A new run's data set, its preset, and the settings that replace the preset's."""

    noun: ClassVar[str] = "A training request"

    data: Annotated[str, _text("data")]
    preset: Annotated[str, _text("preset")]
    overrides: Annotated[dict[str, Scalar], PlainValidator(parse_overrides)] = Field(default_factory=dict)


class RunRequest(Schema):
    """A run's id and its owner's token; both may be empty."""

    noun: ClassVar[str] = "A request about a run"

    run: Annotated[str, _text("run")] = ""
    token: Annotated[str, _text("token")] = ""


class RenameRequest(RunRequest):
    """A run's id, its owner's token, and the name by which it shall be shown; "" takes the name away."""

    noun: ClassVar[str] = "A request to rename a run"

    name: Annotated[str, _text("name")] = ""


class MoveRequest(RunRequest):
    """A run's id, its owner's token, and where the run moves in the queue."""

    noun: ClassVar[str] = "A request to move a run"

    move: Annotated[str, PlainValidator(lambda value: check_choice(value, "move", MOVES))]


class CompareRequest(Schema):
    """The ids of two runs."""

    noun: ClassVar[str] = "A request to compare runs"

    first: Annotated[str, _text("first")]
    second: Annotated[str, _text("second")]


def parse_train(body: object) -> TrainRequest:
    """Parse {"data", "preset", "overrides"} of a request."""
    return read(TrainRequest, pick(TrainRequest, {"data": "", "preset": "", **read_object(body)}))


def parse_run(body: object) -> RunRequest:
    """Parse {"run", "token"} of a request."""
    return read(RunRequest, pick(RunRequest, read_object(body)))


def parse_rename(body: object) -> RenameRequest:
    """Parse {"run", "token", "name"} of a request."""
    return read(RenameRequest, pick(RenameRequest, read_object(body)))


def parse_move(body: object) -> MoveRequest:
    """Parse {"run", "token", "move"} of a request."""
    return read(MoveRequest, pick(MoveRequest, {"move": "", **read_object(body)}))


def parse_compare(body: object) -> CompareRequest:
    """Parse {"first", "second"} of a request."""
    return read(CompareRequest, pick(CompareRequest, {"first": "", "second": "", **read_object(body)}))


def parse_tokens(body: object) -> dict[str, str]:
    """Parse {"tokens": {run: token}} of a request: the runs that its sender started; by default none."""
    tokens = read_object(read_object(body).get("tokens") or {}, "tokens")
    if len(tokens) > MAX_TOKENS:
        raise RequestError(f"tokens has at most {MAX_TOKENS} entries, not {len(tokens)}.")
    return {run: check_text(token, "token", LONGEST_TEXT) for run, token in tokens.items()}
