"""Tests of the page that one takes home (`dcgan/web/take_home`): what the file holds."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
import torch
from safetensors.torch import load, load_file

from dcgan.engine.renderer import Renderer
from dcgan.errors import CheckpointError
from dcgan.latent import z_from_seeds
from dcgan.store import ModelStore
from dcgan.web.take_home.bundle import card_html, module_addresses, page_html, write_space

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """A renderer of the shipped models."""
    return Renderer(ModelStore(ROOT / "checkpoints", ROOT / "runs"), "cpu", can_write=lambda model: False)


@pytest.fixture(scope="module")
def doodles(renderer) -> str:
    """The page of the shipped doodles."""
    return page_html(ModelStore(ROOT / "checkpoints", ROOT / "runs"), renderer, "doodles")


def test_the_page_holds_the_weights_as_they_are_stored(doodles):
    """The generator's tensors bit for bit, nothing else of its file, and no placeholder is left."""
    weights = base64.b64decode(re.search(r'id="weights">([^<]*)<', doodles)[1])
    stored = load_file(ROOT / "checkpoints" / "doodles" / "generator.safetensors")
    shown = load(weights)
    assert shown.keys() == stored.keys() and all(torch.equal(shown[name], stored[name]) for name in stored)
    assert b'"info"' not in weights[:20_000]
    assert not re.search(r"\{\{\w+\}\}", doodles)
    assert len(doodles) < 11 * 2**20


def test_the_page_names_no_other_host(doodles):
    """Nothing in the page is loaded from an address: scripts are data, and there are no pictures or style sheets."""
    assert not re.search(r'(?:src|action)="', doodles)
    assert not re.search(r"@import|url\(", doodles)
    assert {address.partition(",")[0] for address in module_addresses().values()} == {"data:text/javascript;base64"}


def test_every_import_of_a_module_is_in_the_import_map():
    """A module imports by names of the map alone, and the map has nothing that no module imports."""
    addresses = module_addresses()
    imported = set()
    for address in addresses.values():
        text = re.sub(r"/\*\*.*?\*/", "", base64.b64decode(address.partition(",")[2]).decode(), flags=re.DOTALL)
        imported |= set(re.findall(r'^(?:import|export|\}).* from "([^"]*)";$', text, re.MULTILINE))
        assert '"./' not in text and '"../' not in text
    assert imported | {"dcgan/take_home/page/page.js"} == set(addresses)


def test_a_card_is_shown_without_what_the_file_lacks(tmp_path):
    """Its title, pictures and links into the repository go; text, tables and links to the web stay; HTML is text."""
    card = tmp_path / "README.md"
    card.write_text(
        "---\nlicense: mit\n---\n# Name\n\n![sheet](samples.png)\n\n## Data\n\n[MIT](../../LICENSE), "
        "[paper](https://arxiv.org/abs/1511.06434) <script>x</script>\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n"
    )
    shown = card_html(card, {})
    assert "<h2>Data</h2>" in shown and "MIT, " in shown and '<a href="https://arxiv.org' in shown
    assert "<td>2</td>" in shown and "&lt;script&gt;" in shown
    assert "samples.png" not in shown and "LICENSE" not in shown and "<h1>" not in shown and "license: mit" not in shown


def test_a_model_without_a_card_says_what_it_was_trained_on(tmp_path):
    """A data set that everybody can have; of a visitor's upload or a folder no part of the name is in the page."""
    assert "Trained on doodles" in card_html(tmp_path / "README.md", {"data": "doodles"})
    for private in ("npy:/home/me/faces", "zip:/srv/runs/.uploads/0123abcd.zip"):
        shown = card_html(tmp_path / "README.md", {"data": private})
        assert not any(part in shown for part in ("home", "faces", "uploads", "0123abcd"))


def test_a_space_has_the_page_and_its_front_matter(tmp_path):
    """index.html is the page; the README begins with what Hugging Face reads, then the card."""
    card = tmp_path / "card.md"
    card.write_text("# mine\n\n[MIT](../../LICENSE)\n")
    write_space(tmp_path / "space", "<p>", "mine", card)
    assert (tmp_path / "space" / "index.html").read_text() == "<p>"
    readme = (tmp_path / "space" / "README.md").read_text()
    assert readme.startswith("---\ntitle: mine\nsdk: static\napp_file: index.html\n")
    assert "# mine\n\nMIT\n" in readme


def test_a_model_that_is_not_there_is_refused():
    """A CheckpointError, with a sentence."""
    store = ModelStore(ROOT / "checkpoints", ROOT / "runs")
    with pytest.raises(CheckpointError, match="nobody"):
        page_html(store, Renderer(store, "cpu"), "nobody")


def test_the_check_pictures_are_the_servers(doodles, renderer):
    """The pictures that a browser compares with its own are the renderer's, of the seeds that are named beside them."""
    model = json.loads(re.search(r'id="model">(.*?)</script>', doodles)[1])
    seeds = [int(seed) for seed in model["check"]["seeds"]]
    drawn = renderer.render("doodles", z_from_seeds(seeds, 100))
    pictures = torch.frombuffer(bytearray(base64.b64decode(model["check"]["pictures"])), dtype=torch.uint8)
    assert len(seeds) == 4 and torch.equal(pictures.view(4, 64, 64, 3), drawn.permute(0, 2, 3, 1))


def test_the_page_has_the_models_directions_and_a_name_for_each(doodles, renderer):
    """The axes are the renderer's, rounded to six decimals."""
    model = json.loads(re.search(r'id="model">(.*?)</script>', doodles)[1])
    axes = renderer.directions("doodles").axes
    torch.testing.assert_close(torch.tensor(model["axes"]), axes, rtol=0, atol=1e-6)
    assert len(model["names"]) == len(axes) == 8 and all(model["names"]) and model["nz"] == 100
