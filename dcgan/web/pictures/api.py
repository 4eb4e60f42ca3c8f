"""/generate, /sheet and /latent, for other programs."""

from __future__ import annotations

from typing import Any, TypedDict

from gradio.data_classes import FileData

from dcgan import schema
from dcgan.files import write_atomic
from dcgan.images import encode, to_pil
from dcgan.web.named_api import add_endpoint, as_faces, file_answer, new_file
from dcgan.web.pictures.latents import latent_fields
from dcgan.web.pictures.sheets import draw_sheet
from dcgan.web.services import Services


class Latent(TypedDict):
    """A latent as text and as numbers, its length, the share of random latents that are shorter, and usual lengths."""

    z: str
    numbers: list[float]
    length: float
    shorter: float
    usual: list[float]


def add_api(services: Services) -> None:
    """Add the endpoints to the Blocks being built."""
    renderer = services.renderer

    def generate(
        seed: int = 0,
        psi: float = 1.0,
        edits: list[dict[str, Any]] | None = None,
        model: str = "",
        size: int = 512,
        z: str = "",
        off: list[list[int]] | None = None,
    ) -> FileData:
        """A face as a PNG file.

        Args:
            seed: which face, 0 to 2^63 - 1.
            psi: truncation, 0 (the picture of z = 0) to 2; 1 changes nothing.
            edits: what to add to the latent, each {"dim": 0, "amount": 1.5} or {"direction": 0, "amount": -2}. A
                direction may name its "method": "jacobian", "sefa" or "pca". In its place there may be a "vector".
            model: a name from /models; empty takes the first.
            size: side in pixels, 16 to 1024.
            z: a latent in place of the seed's: the base64url text of its float16 numbers, as links carry it.
            off: units of the generator that are off, each [layer, unit]; see /layers.
        """
        name = schema.parse_model({"model": model}, services.store.names)
        face = schema.parse_face({"seed": seed, "psi": psi, "edits": edits, "z": z, "off": off})
        look = schema.parse_picture({"size": size, "format": "png"})
        picture = renderer.render(name, renderer.latent(name, face)[None], face.off)[0]
        path = new_file("png")
        write_atomic(path, encode(to_pil(picture, look.size), "png"))
        return file_answer(path, "face.png" if face.z else f"seed-{face.seed}.png", "image/png")

    def sheet(
        faces: list[Any],
        moments: int = 0,
        cell: int = 64,
        columns: int = 0,
        mode: str = "slerp",
        easing: str = "linear",
        loop: bool = False,
        model: str = "",
        off: list[list[int]] | None = None,
    ) -> FileData:
        """Many small pictures in one JPEG: of the faces themselves, or of moments on the way through them.

        Args:
            faces: 1 to 64 seeds, or faces such as {"seed": 7, "psi": 0.8, "edits": [{"dim": 0, "amount": 1.5}]};
                2 to 16 of them with `moments`.
            moments: 2 to 64 pictures at equal times on the way through the faces; 0 shows the faces.
            cell: side of each picture in pixels, 16 to 256.
            columns: pictures in a row; 0 puts all of them into one.
            mode: of the way: "slerp", "lerp" or "cubic"; see /interpolate.
            easing: of the way: "linear" or "ease".
            loop: whether the way leads back to the first face.
            model: a name from /models; empty takes the first.
            off: units of the generator that are off, each [layer, unit].
        """
        body: dict[str, Any] = {"model": model, "faces": as_faces(faces), "cell": cell, "off": off}
        if columns:
            body["columns"] = columns
        if moments:
            body.update(moments=moments, mode=mode, easing=easing, loop=loop)
        path = new_file("jpg")
        write_atomic(path, draw_sheet(services, body))
        return file_answer(path, "sheet.jpg", "image/jpeg")

    def latent(
        seed: int = 0, psi: float = 1.0, edits: list[dict[str, Any]] | None = None, model: str = "", z: str = ""
    ) -> Latent:
        """A face's latent: its numbers, after truncation and edits, and how usual their length is.

        Args:
            seed: which face, as /generate takes it; so are psi, edits, model and z.
            psi: truncation, 0 to 2.
            edits: what to add to the latent.
            model: a name from /models; empty takes the first.
            z: a latent in place of the seed's.

        Returns:
            z (as /generate and links take it), numbers, length (the Euclidean norm), shorter (the share of random
            latents that are shorter), usual (the lengths between which 99 % of random latents lie).
        """
        fields = latent_fields(services, {"model": model, "seed": seed, "psi": psi, "edits": edits, "z": z})
        return Latent(
            z=fields["packed"],
            numbers=fields["z"],
            length=fields["length"],
            shorter=fields["shorter"],
            usual=fields["usual"],
        )

    add_endpoint(generate, services.limiters.pictures)
    add_endpoint(sheet, services.limiters.sheets)
    add_endpoint(latent, services.limiters.analyses)
