"""What tests of the page in a browser have in common: looking at a canvas, waiting for it, dragging across a thing."""

from __future__ import annotations

# how tests start Chromium
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# how they start one that draws with WebGL2 and WebGPU, in software, so that no GPU is needed
GPU_FLAGS = [
    *(flag for flag in FLAGS if flag != "--disable-gpu"),
    "--enable-unsafe-swiftshader",
    "--enable-unsafe-webgpu",
    "--use-webgpu-adapter=swiftshader",
    "--enable-features=Vulkan",
    "--use-vulkan=swiftshader",
    "--use-angle=swiftshader",
]

# Pictures come from the server unless a test chooses otherwise: who is quicker on a busy machine is chance.
DRAWN_BY_SERVER = "try { localStorage['dcgan-drawn-by'] ??= 'server'; } catch { /* no page yet */ }"

# the drawn picture as one number a pixel, to be compared
PIXELS = """selector => {
  const canvas = document.querySelector(selector);
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return Array.from(data).filter((_, i) => i % 1024 === 0).join();
}"""

# Resolves when the picture requested last is drawn and, for two frames of the browser, no other was requested.
# The stamp is greater where a refused request was taken back while an older picture was still on its way.
SETTLED = """async selector => {
  const { dataset } = document.querySelector(selector);
  let before = "", frames = 0;
  while (frames < 2) {
    await new Promise(requestAnimationFrame);
    const now = `${dataset.stamp} ${dataset.wanted} ${dataset.shown}`;
    const isDrawn = Number(dataset.stamp) >= Number(dataset.wanted);
    frames = isDrawn && now === before ? frames + 1 : 0;
    before = now;
  }
}"""


def pixels(page, selector=".explore .picture"):
    """What a canvas shows, as text to be compared."""
    return page.evaluate(PIXELS, selector)


def settle(page, selector=".explore .picture"):
    """Wait until the picture that was requested last is drawn, and no other was requested meanwhile."""
    page.wait_for_function(f"selector => ({SETTLED})(selector).then(() => true)", arg=selector)


def drag(page, locator, start, end, steps=20):
    """Drag across an element, from one share of its width to another."""
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * start, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * end, middle, steps=steps)
    page.mouse.up()


def direction(page, number):
    return page.get_by_role("slider", name=f"Direction {number}", exact=True)


def wait_for_address(page):
    """Wait until the address has the amount of direction 1's slider; it is written a moment after a change."""
    edit = f"j0:{float(direction(page, 1).input_value()):g}"
    edits = "new URLSearchParams(location.search).get('edits')?.split(',')"
    page.wait_for_function(f"edit => {edits}?.includes(edit)", arg=edit)
