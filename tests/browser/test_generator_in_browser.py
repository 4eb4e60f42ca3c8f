"""Tests of the generator in the browser (`dcgan/web/generator`): WebGL2 and WebGPU against PyTorch, in a real Chromium.

Both run on SwiftShader here, a renderer in software, so that a machine without a GPU tests the same shaders.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from dcgan.checkpoint import load_generator, save_generator
from dcgan.config import ModelConfig
from dcgan.engine.units import with_units_off
from dcgan.folded import FoldedGenerator
from dcgan.images import to_uint8
from dcgan.models import make_networks

ROOT = Path(__file__).resolve().parents[2]
BACKENDS = ["webgl", "webgpu"]
DRAW = """async ([backend, z, off, count]) => {
  const { readGenerator } = await import("/generator/layers.js");
  const file = await (await fetch("/generator.safetensors")).arrayBuffer();
  const network = readGenerator(file);
  const { WebGLGenerator } = await import("/generator/webgl.js");
  const { WebGPUGenerator } = await import("/generator/webgpu.js");
  const make = { webgl: () => new WebGLGenerator(network, 16), webgpu: () => WebGPUGenerator.create(network, 16) };
  const generator = await make[backend]();
  generator.draw(new Float32Array(z), off);
  const context = new OffscreenCanvas(generator.canvas.width, generator.canvas.height).getContext("2d");
  context.drawImage(generator.canvas, 0, 0);
  const { side, nc } = network;
  const pictures = [];
  for (let i = 0; i < count; i += 1) {
    const [x, y] = [side * (i % generator.columns), side * Math.floor(i / generator.columns)];
    pictures.push(Array.from(context.getImageData(x, y, side, side).data));
  }
  generator.close();
  return { side, nc, pictures };
}"""


@pytest.fixture
def blank_page(gpu_browser):
    """A page of a site that serves `dcgan/web` and one generator file."""
    page = gpu_browser.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.close()
    assert errors == []


def serve(page, file: Path) -> None:
    def answer(route):
        path = route.request.url.split("localhost:9")[1]
        if path == "/generator.safetensors":
            route.fulfill(body=file.read_bytes(), content_type="application/octet-stream")
        elif path.endswith(".js"):
            route.fulfill(path=ROOT / "dcgan" / "web" / path[1:], content_type="text/javascript")
        else:
            route.fulfill(body="<p>", content_type="text/html")

    page.route("http://localhost:9/**", answer)
    page.goto("http://localhost:9/")


def draw(page, backend: str, z: torch.Tensor, off=()) -> np.ndarray:
    """Pictures uint8 [N, side, side, 4] drawn in the browser."""
    answer = page.evaluate(DRAW, [backend, z.flatten().tolist(), [list(unit) for unit in off], len(z)])
    return np.array(answer["pictures"], np.uint8).reshape(len(z), answer["side"], answer["side"], 4)


def model_file(folder: Path, size: int, nc: int, nz: int, ngf: int) -> Path:
    """A generator with random weights whose BatchNorm statistics are not the trivial ones."""
    config = ModelConfig(image_size=size, nc=nc, nz=nz, ngf=ngf, ndf=4)
    G, _ = make_networks(config, seed=1)
    rng = torch.Generator().manual_seed(0)
    G.train()
    with torch.no_grad():
        for weight in G.parameters():
            weight.mul_(1 + torch.rand(weight.shape, generator=rng))
        for _ in range(40):
            G(torch.randn(16, nz, generator=rng))
    save_generator(folder / "generator.safetensors", G.eval(), {})
    return folder / "generator.safetensors"


MODELS = {
    "faces": lambda folder: ROOT / "checkpoints" / "faces" / "generator.safetensors",
    "doodles": lambda folder: ROOT / "checkpoints" / "doodles" / "generator.safetensors",
    "32 pixels, gray": lambda folder: model_file(folder, 32, 1, 6, 5),
    "128 pixels, color": lambda folder: model_file(folder, 128, 3, 9, 4),
}


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("backend", BACKENDS)
def test_the_browser_draws_what_the_server_draws(blank_page, tmp_path, backend, name):
    """Sixteen latents, with and without some units switched off: no pixel differs by more than 2 of 255."""
    file = MODELS[name](tmp_path)
    folded = FoldedGenerator(load_generator(file).G)
    z = torch.randn(16, folded.config.nz, generator=torch.Generator().manual_seed(5))
    serve(blank_page, file)
    for off in ((), ((0, 1), (0, 7), (2, 3))):
        expected = to_uint8(with_units_off(folded, off)(z)).expand(-1, 3, -1, -1).permute(0, 2, 3, 1).numpy()
        drawn = draw(blank_page, backend, z, off)[..., :3]
        assert np.abs(drawn.astype(int) - expected).max() <= 2
        assert expected.std() > 5, "the pictures are not uniform"
