"""Latent arithmetic of a request: parse its terms, add their latents, and return the result as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from torch import Tensor

from dcgan.engine.renderer import Renderer
from dcgan.errors import RequestError
from dcgan.latent.arithmetic import nearby_latents, sum_latents
from dcgan.latent.prior import norm_range
from dcgan.schema import Face, encode_z, parse_faces, read_object

MAX_TERMS = 6
MAX_FACES_PER_TERM = 16


@dataclass(frozen=True)
class Term:
    """Faces whose mean latent is added (sign 1) or subtracted (sign -1)."""

    sign: int
    faces: tuple[Face, ...]


class ArithmeticResult(TypedDict):
    """Latents as text: `z`, the sum; `means`, one of each term; `steps`, the sums of the first, the first two … terms;
    `around`, eight latents near z. `length` is the norm of the sum before it was clamped to `usual`, the range of norms
    of 99 % of random latents."""

    z: str
    length: float
    usual: list[float]
    means: list[str]
    steps: list[str]
    around: list[str]


def parse_terms(raw: object) -> tuple[Term, ...]:
    """Parse [{"sign": 1 or -1, "faces": [face, …]}, …]. Raises RequestError."""
    if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_TERMS:
        raise RequestError(f"terms must be a list of 1 to {MAX_TERMS} terms such as {{'sign': 1, 'faces': [7, 8]}}.")
    return tuple(_parse_term(term) for term in raw)


def _parse_term(raw: object) -> Term:
    body = read_object(raw, "A term")
    sign = body.get("sign", 1)
    if isinstance(sign, bool) or sign not in (1, -1):
        raise RequestError("A term's sign must be 1 or -1.")
    faces = body.get("faces")
    if isinstance(faces, list):
        faces = [face if isinstance(face, dict) else {"seed": face} for face in faces]
    return Term(int(sign), parse_faces(faces, 1, MAX_FACES_PER_TERM))


def add_latents(terms: Sequence[Term], renderer: Renderer, model: str) -> ArithmeticResult:
    """Add the terms. Raises RequestError or CheckpointError."""
    total = sum_latents([(term.sign, renderer.latents(model, term.faces)) for term in terms])
    means, steps = total.clamped
    z = steps[-1]
    return ArithmeticResult(
        z=_text(z),
        length=round(float(total.steps[-1].norm()), 3),
        usual=[round(end, 3) for end in norm_range(len(z))],
        means=[_text(mean) for mean in means],
        steps=[_text(step) for step in steps],
        around=[_text(near) for near in nearby_latents(z)],
    )


def _text(z: Tensor) -> str:
    return encode_z(z.tolist())
