"""The page in windows of many sizes: the picture stays in view beside or above its controls, and no tab is hidden."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

# Scrolls each control into view as the Tab key would, and lists those that do not come to lie beside a visible picture.
OUT_OF_SIGHT = """([picture, controls]) => {
  const faults = [];
  const stage = document.querySelector(picture);
  for (const control of document.querySelectorAll(controls)) {
    if (!control.offsetParent) continue;
    control.scrollIntoView({ block: "nearest" });
    const { top, bottom } = stage.getBoundingClientRect();
    const seen = (Math.min(bottom, innerHeight) - Math.max(top, 0)) / (bottom - top);
    const box = control.getBoundingClientRect();
    const atTop = document.elementFromPoint(box.left + box.width / 2, box.top + 4);
    const name = control.getAttribute("aria-label") ?? control.className;
    if (seen < 0.8) faults.push(`${name}: ${Math.round(100 * seen)} % of the picture is in view`);
    if (!atTop || stage.contains(atTop)) faults.push(`${name}: behind the picture`);
  }
  return faults;
}"""
SIZES = [(1400, 900), (1366, 768), (1024, 768), (844, 390), (700, 450), (390, 844), (360, 640)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_picture_is_in_view_at_every_slider(visit, width, height):
    """At each slider of Explore, and at the walk and field of Interpolate, the picture is visible and covers nothing.

    700 × 450 is a laptop's screen at 200 % zoom, 844 × 390 a phone on its side.
    """
    page = visit(width=width, height=height)
    page.wait_for_selector(".direction input:enabled")
    page.locator(".bank-fold").evaluate("fold => fold.open = true")
    page.evaluate("scrollTo(0, 1e6)")
    sliders = ".explore .right input[type=range], .explore .fader:first-child, .explore .fader:last-child"
    assert page.evaluate(OUT_OF_SIGHT, [".explore .stage", sliders]) == []
    page.get_by_role("tab", name="Interpolate").click()
    page.wait_for_selector('.interpolate .stage[data-state="live"]')
    assert page.evaluate(OUT_OF_SIGHT, [".interpolate .stage", ".interpolate :is(.walker, .pad)"]) == []


@pytest.mark.parametrize("width", [320, 360])
def test_a_narrow_phone_has_all_tabs_beside_each_other(visit, width):
    """All four tabs can be seen and pressed, and nothing is wider than the screen."""
    page = visit(width=width, height=640, is_mobile=True, has_touch=True)
    for name in ("Interpolate", "Train", "Learn", "Explore"):
        tab = page.get_by_role("tab", name=name)
        tab.tap(timeout=5000)
        assert tab.get_attribute("aria-selected") == "true"
        assert page.evaluate("document.documentElement.scrollWidth") <= width
