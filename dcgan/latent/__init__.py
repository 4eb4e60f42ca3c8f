"""The latent space: seeds, paths between latents, and the directions that matter in it."""

from dcgan.latent.field import field
from dcgan.latent.jacobian import Directions, jacobian_directions
from dcgan.latent.paths import lerp, slerp
from dcgan.latent.seeds import MAX_SEED, z_from_seed, z_from_seeds
from dcgan.latent.walk import EASINGS, MODES, frame_count, frame_times, walk

__all__ = [
    "EASINGS",
    "MAX_SEED",
    "MODES",
    "Directions",
    "field",
    "frame_count",
    "frame_times",
    "jacobian_directions",
    "lerp",
    "slerp",
    "walk",
    "z_from_seed",
    "z_from_seeds",
]
