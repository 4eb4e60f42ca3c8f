"""The commands `sample`, `interpolate`, `compare` and `plot`: write pictures, films and charts."""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from tqdm import tqdm

from dcgan.cli.common import Commands, add_command, add_model, store, training_data
from dcgan.cli.plots import compare_figure, loss_figure
from dcgan.data import open_dataset
from dcgan.engine.film_formats import FORMATS, write_film
from dcgan.engine.films import film_frames
from dcgan.engine.renderer import Renderer
from dcgan.errors import RequestError
from dcgan.files import write_atomic
from dcgan.images import RESAMPLING, encode, grid, to_pil
from dcgan.jobs.runs import read_metrics
from dcgan.latent import EASINGS, MODES, z_from_seeds
from dcgan.schema import MAX_GRID, MAX_KEYFRAMES, Face, check_psi, check_seed, parse_film

MAX_SEEDS = 100_000


def add_commands(commands: Commands) -> None:
    parser = add_command(
        commands,
        "sample",
        "Draw pictures: one file for each seed, or one grid of all.",
        "sample --seeds 0-63 --out grid.png\nsample --model faces --seeds 0-599 --psi 0.8 --out FOLDER",
        run_sample,
    )
    add_model(parser)
    parser.add_argument("--seeds", default="0-63", help="seeds, written as 1,5,10-20 (default 0-63)")
    parser.add_argument(
        "--psi", type=float, default=1.0, help="truncation: 1 as trained; nearer 0, pictures are more alike"
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        help="a folder; or a .png or .jpg: a grid of all seeds, a plain picture of one",
    )
    parser.add_argument("--device", help="cuda, mps or cpu (default: the best there is)")

    parser = add_command(
        commands,
        "interpolate",
        "Make a film through the pictures of several seeds.",
        "interpolate --seeds 1,2 --out film.mp4\ninterpolate --seeds 3,14,15 --seconds 6 --loop --out loop.gif\n"
        "interpolate --seeds 1,2,3 --durations 1,2,1 --mode cubic --easing ease --loop --out walk.webm\n"
        "interpolate --seeds 1,2,3 --grid 3 --size 768 --resample nearest --format zip --out stills.zip",
        run_interpolate,
    )
    add_model(parser)
    parser.add_argument("--seeds", required=True, help="two or more seeds, written as 1,2,3")
    parser.add_argument("--mode", choices=MODES, default="slerp", help="the path between two latents (default slerp)")
    parser.add_argument("--easing", choices=EASINGS, default="linear", help="ease: slow down near each seed")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of the film in seconds (default 4)")
    parser.add_argument(
        "--durations",
        help="seconds from each seed to the next, written as 1,2,1, instead of --seconds; a loop needs one more, back",
    )
    parser.add_argument("--fps", type=float, default=30.0, help="frames per second (default 30)")
    parser.add_argument("--size", type=int, default=256, help="side in pixels (default 256)")
    parser.add_argument("--resample", choices=tuple(RESAMPLING), default="bicubic", help="how pictures are enlarged")
    parser.add_argument(
        "--grid",
        type=int,
        default=1,
        help=f"2 to {MAX_GRID}: show that many films side by side and below each other, with other seeds",
    )
    parser.add_argument("--psi", type=float, default=1.0, help="truncation (default 1)")
    parser.add_argument("--loop", action="store_true", help="return to the first seed, so that the film loops")
    parser.add_argument(
        "--out", type=Path, required=True, help=f"the file of the film, which ends in .{', .'.join(FORMATS)}"
    )
    parser.add_argument("--format", choices=tuple(FORMATS), help="the format (default: by the ending of --out)")
    parser.add_argument("--device", help="cuda, mps or cpu (default: the best there is)")

    parser = add_command(
        commands,
        "compare",
        "Draw 64 real pictures beside 64 generated ones, as the tutorial does.",
        "compare --model faces --data npy:FOLDER --out compare.png",
        run_compare,
    )
    add_model(parser)
    parser.add_argument("--data", help="the data set (default: the one that the model's file names, if it is here)")
    parser.add_argument("--out", type=Path, required=True, help="a .png file")

    parser = add_command(
        commands, "plot", "Draw a chart of a run's losses and D's outputs.", "plot runs/first", run_plot
    )
    parser.add_argument("run", type=Path, help="the run's folder")
    parser.add_argument("--out", type=Path, help="a .png file (default: RUN/losses.png)")


def parse_seeds(text: str) -> list[int]:
    """Return [1, 5, 10, 11, 12] for "1,5,10-12". Raises RequestError for any other text, and for too many seeds."""
    seeds: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not first.isdecimal() or (dash and not last.isdecimal()):
            raise RequestError(f"Seeds are written like 1,5,10-20, not {text!r:.60}.")
        begin, end = int(first), int(last) if dash else int(first)
        if end < begin or len(seeds) + end - begin >= MAX_SEEDS:
            raise RequestError(
                f"The range of seeds {part.strip()} is descending, or there are more than {MAX_SEEDS:,} seeds."
            )
        seeds += [check_seed(seed) for seed in range(begin, end + 1)]
    return seeds


def parse_durations(text: str) -> list[float]:
    """Return [1.0, 2.5] for "1,2.5". Raises RequestError for any other text; the values are checked later."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise RequestError(f"Durations are written in seconds, like 1,2.5,1, not {text!r:.60}.") from None


def run_sample(args: argparse.Namespace) -> None:
    """Write one file for each seed into a folder; or one file, with the picture of one seed or a grid of several."""
    seeds, psi = parse_seeds(args.seeds), check_psi(args.psi)
    renderer = Renderer(store(), args.device)
    z = psi * z_from_seeds(seeds, renderer.info(args.model).nz)
    pictures = tqdm(renderer.render_many(args.model, z), total=len(seeds), unit=" pictures", leave=False, disable=None)
    if args.out.suffix.lower() in (".png", ".jpg", ".jpeg"):
        fmt = "png" if args.out.suffix.lower() == ".png" else "jpeg"
        drawn = torch.stack(list(pictures))
        write_atomic(args.out, encode(to_pil(drawn[0] if len(seeds) == 1 else grid(drawn)), fmt))
    else:
        for seed, picture in zip(seeds, pictures, strict=True):
            write_atomic(args.out / f"seed{seed:05d}.png", encode(to_pil(picture), "png"))
    print(f"wrote {'1 picture' if len(seeds) == 1 else f'{len(seeds):,} pictures'} to {args.out}")


def run_interpolate(args: argparse.Namespace) -> None:
    """Write a film."""
    seeds, psi = parse_seeds(args.seeds), check_psi(args.psi)
    durations = None if args.durations is None else parse_durations(args.durations)
    if not 2 <= len(seeds) <= MAX_KEYFRAMES:
        raise RequestError(f"A film goes through 2 to {MAX_KEYFRAMES} seeds, not {len(seeds)}.")
    faces = [Face(seed=seed, psi=psi) for seed in seeds]
    film = parse_film({**vars(args), "faces": faces, "durations": durations})
    renderer = Renderer(store(), args.device)
    frames = film_frames(renderer, args.model, film)
    progress = tqdm(frames, total=film.count, unit=" frames", leave=False, disable=None)
    write_film(progress, args.out, film.fps, args.format)
    print(f"wrote {film.count} frames to {args.out}")


def run_compare(args: argparse.Namespace) -> None:
    """Write a picture of real and generated pictures side by side."""
    renderer = Renderer(store())
    info = renderer.info(args.model)
    spec = training_data(args.model, info.data, args.data)
    reals = open_dataset(spec, info.image_size, info.nc).pictures[:64]
    fakes = renderer.render(args.model, z_from_seeds(range(64), info.nz))
    compare_figure(grid(reals, 8), grid(fakes, 8), args.out)
    print(f"wrote {args.out}")


def run_plot(args: argparse.Namespace) -> None:
    """Write a chart of a run's metrics."""
    lines = read_metrics(args.run)
    if not lines:
        raise RequestError(f"{args.run} holds no metrics yet; is it the folder of a run?")
    out = args.out or args.run / "losses.png"
    loss_figure(lines, out)
    print(f"wrote {out}")
