"""The commands `invert` and `train-encoder`: find the latent of a photograph."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from tqdm import tqdm

from dcgan.checkpoint import load_generator
from dcgan.cli.common import Commands, add_command, add_model, store
from dcgan.data.decode import FORMAT_WORDS
from dcgan.data.photo import check_bytes, describe_distance, read_photo
from dcgan.engine.renderer import Renderer
from dcgan.errors import RequestError
from dcgan.files import write_atomic
from dcgan.folded import FoldedGenerator
from dcgan.images import encode, grid, to_pil
from dcgan.latent.encoder import save_encoder, train_encoder
from dcgan.schema import check_number, check_seed, check_whole, encode_z


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "invert",
        "Find the latent whose picture is nearest to a photograph.",
        "invert PICTURE.jpg --out before-and-after.png\ninvert PICTURE.jpg --model faces --out z.json",
        run_invert,
    )
    parser.add_argument("picture", type=Path, help=f"a {FORMAT_WORDS} file; its centre square is used")
    add_model(parser)
    parser.add_argument("--seed", type=int, default=0, help="seed of the random starting points (default 0)")
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        help="a .json for z, or a .png of the photograph beside its picture",
    )
    parser.add_argument("--device", help="cuda, mps or cpu (default: the best there is)")

    parser = add_command(
        commands,
        "train-encoder",
        "Train an encoder, which gives `invert` and My photo a better starting point. Optional.",
        "train-encoder --model faces\ntrain-encoder --model faces --minutes 5",
        run_train_encoder,
    )
    add_model(parser)
    parser.add_argument("--steps", type=int, default=1000, help="training steps (default 1000)")
    parser.add_argument("--minutes", type=float, default=10.0, help="longest time for it (default 10)")
    parser.add_argument("--out", type=Path, help="its file (default: encoder.safetensors beside the model)")


def run_invert(args: argparse.Namespace) -> None:
    """Write the found latent as JSON, or the photograph beside the found picture."""
    if args.out.suffix.lower() not in (".json", ".png"):
        raise RequestError(f"--out must end in .json or .png, not {args.out.name!r:.60}.")
    renderer = Renderer(store(), args.device)
    info = renderer.info(args.model)
    target = read_photo(_read(args.picture), info.image_size, info.nc)
    with tqdm(total=100, unit=" %", leave=False, disable=None) as bar:
        found = renderer.invert(
            args.model, target[None], check_seed(args.seed), lambda done, z: bar.update(round(100 * done) - bar.n)
        )
    z, rmse = found.z[0], float(found.rmse[0])
    if args.out.suffix.lower() == ".json":
        fields = {"model": args.model, "rmse": round(rmse, 4), "z": z.tolist(), "packed": encode_z(z.tolist())}
        write_atomic(args.out, json.dumps(fields).encode())
    else:
        pair = torch.cat([target[None], renderer.render(args.model, z[None])])
        write_atomic(args.out, encode(to_pil(grid(pair, 2)), "png"))
    print(f"wrote {args.out}: distance {rmse:.3f} on [-1, 1], {describe_distance(rmse, target)}.")


def run_train_encoder(args: argparse.Namespace) -> None:
    """Train and write an encoder."""
    check_whole(args.steps, "--steps", 1, 1_000_000)
    check_number(args.minutes, "--minutes", 0.01, 10_000)
    models = store()
    G = load_generator(models.generator_path(args.model)).G
    out = args.out or models.encoder_path(args.model)
    encoder = train_encoder(G, args.steps, args.minutes)
    save_encoder(out, encoder, FoldedGenerator(G).fingerprint())
    print(f"wrote {out}")


def _read(path: Path) -> bytes:
    try:
        check_bytes(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from None
