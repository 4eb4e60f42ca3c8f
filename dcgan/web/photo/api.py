"""/invert: a photograph's latent, for other programs."""

from __future__ import annotations

from typing import TypedDict

from dcgan import schema
from dcgan.data.photo import read_photo_text
from dcgan.schema import check_seed
from dcgan.web.named_api import add_endpoint
from dcgan.web.photo.routes import inversion_fields
from dcgan.web.services import Services


class Found(TypedDict):
    """The nearest latent as text, its picture's distance on [-1, 1], and that of the start it was found from."""

    z: str
    rmse: float
    start_rmse: float
    words: str


def add_api(services: Services) -> None:
    """Add the endpoint to the Blocks being built."""

    def invert(picture: str, model: str = "", seed: int = 0) -> Found:
        """The latent whose picture is nearest to a photograph. Takes seconds; the photograph is not kept.

        Args:
            picture: a JPEG, PNG, WebP, BMP, GIF or TIFF file as base64 text, up to 16 MiB. Its centre square is taken.
            model: a name from /models; empty takes the first.
            seed: of the random starts. The same seed gives the same latent.

        Returns:
            z (as /generate and links take it), rmse on [-1, 1], start_rmse (before the descent), and words for rmse.
        """
        name = schema.parse_model({"model": model}, services.store.names)
        info = services.renderer.info(name)
        target = read_photo_text(picture, info.image_size, info.nc)
        # The random starts are a few hundred seeds in a row, which must all be allowed.
        found = services.renderer.invert(name, target[None], check_seed(seed) % 2**62)
        fields = inversion_fields(found, target)
        return Found(z=fields["z"], rmse=fields["rmse"], start_rmse=fields["start_rmse"], words=fields["words"])

    add_endpoint(invert, services.limiters.photos)
