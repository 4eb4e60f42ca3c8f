"""Sets of allowed values of a setting: each tells whether it allows a value, and reads as the end of a sentence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Between:
    """A number from `low` to `high`, both included."""

    low: float
    high: float

    def allows(self, value: object) -> bool:
        return isinstance(value, int | float) and self.low <= value <= self.high

    def __str__(self) -> str:
        return f"between {self.low:g} and {self.high:g}"


@dataclass(frozen=True)
class OneOf:
    """One of a few values."""

    values: tuple[object, ...]

    def allows(self, value: object) -> bool:
        return value in self.values

    def __str__(self) -> str:
        return f"one of {', '.join(map(str, self.values))}"


@dataclass(frozen=True)
class SomeOf:
    """Comma-separated names, each at most once; none is allowed, too."""

    names: tuple[str, ...]

    def allows(self, value: object) -> bool:
        chosen = [name.strip() for name in str(value).split(",") if name.strip()]
        return set(chosen) <= set(self.names) and len(set(chosen)) == len(chosen)

    def __str__(self) -> str:
        return f"some of {', '.join(self.names)}, each once, separated by commas"


@dataclass(frozen=True)
class ModelName:
    """The name of a model, or no text for none. Whether there is such a model is for the model store to say."""

    def allows(self, value: object) -> bool:
        return isinstance(value, str)

    def __str__(self) -> str:
        return "the name of a model"
