"""Opening a link: the model and the face that it names. `dcgan.schema.link` has the grammar.

People edit links and cut parts of them off. So each part that cannot be used is reported and replaced by its default,
and the others are used.
"""

from __future__ import annotations

from collections.abc import Mapping

from dcgan.engine.renderer import Renderer
from dcgan.errors import DCGANError, RequestError
from dcgan.schema import LINK_PARTS, Face
from dcgan.store import ModelStore, run_of

DEFAULT_SEED = 27


def open_link(params: Mapping[str, str], store: ModelStore, renderer: Renderer) -> tuple[str, Face, list[str]]:
    """Return the model and the face that a link names, and one sentence for each part that cannot be used.

    Raises RequestError only when there is no model.
    """
    problems: list[str] = []
    names = store.names()
    if not names:
        raise RequestError("There is no model yet: train one on the Train tab, or put one into the checkpoint folder.")
    # A run's newest model is named by its pictures, so that it stays the same while the run trains.
    model = store.pinned(params.get("model", names[0]))
    try:
        renderer.info(model)
    except DCGANError as error:
        run = f"run:{run_of(model)}"
        instead = run if run in names else names[0]
        problems.append(f"{error} Showing {'its newest' if instead == run else instead} instead.")
        model = store.pinned(instead)
    face = Face(seed=DEFAULT_SEED)
    for part in LINK_PARTS:
        if part not in params:
            continue
        try:
            face = _with_part(face, part, params[part], model, renderer)
        except DCGANError as error:
            problems.append(f"{error} {_shown_instead(face, part)}")
    return model, face, problems


def _with_part(face: Face, part: str, text: str, model: str, renderer: Renderer) -> Face:
    """Return the face with one more part of the link. Raises DCGANError when that part cannot be used."""
    changed = face.model_copy(update={part: LINK_PARTS[part](text)})
    renderer.latent(model, changed)  # raises for a latent, a dimension or a direction that this model does not have
    renderer.check_units_off(model, changed.off)
    return changed


def _shown_instead(face: Face, part: str) -> str:
    """Return the sentence that says what is shown in place of a part that cannot be used."""
    if part in ("seed", "z"):
        return f"Showing seed {face.seed}."
    if part == "psi":
        return f"Showing psi {face.psi:g}."
    return {
        "edits": "Showing the face without its edits.",
        "off": "Showing the face with all units on.",
    }.get(part, f"Showing the face without {part}.")
