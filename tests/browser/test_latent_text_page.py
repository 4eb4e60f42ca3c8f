"""The numbers below the faders in a real Chromium: randomise, zero, copy, paste, and how usual their norm is."""

from __future__ import annotations

import numpy as np
import pytest
from browsing import pixels, settle

from dcgan.latent import z_from_seed
from dcgan.schema import DimEdit, DirectionEdit, Face, encode_z, parse_z

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

Z = z_from_seed(7, 100)


def undo(page):
    page.get_by_role("button", name="Undo").click()
    settle(page)


def paste(page, text):
    """Put a text into the field and take it by the button."""
    if not page.locator(".as-text").is_visible():
        page.get_by_role("button", name="paste", exact=True).click()
    page.get_by_label("The numbers as text").fill(text)
    page.get_by_role("button", name="use these").click()


def faders(page):
    found = page.locator(".fader")
    return [float(found.nth(i).get_attribute("aria-valuenow")) for i in range(0, 100, 11)]


def says(page, words):
    page.wait_for_function("words => document.querySelector('.state .summary').textContent.includes(words)", arg=words)


def test_copied_numbers_are_pasted_back(visit, served):
    """Copy takes truncation, edits and directions along; pasted elsewhere they are the same latent; undo leaves it."""
    page = visit("?model=first&seed=5&psi=0.9&edits=d3:2,j0:-1.5", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="copy", exact=True).click()
    page.wait_for_function("document.querySelector('.numbers .copy').textContent === 'copied'")
    text = page.evaluate("navigator.clipboard.readText()")
    numbers = [float(word) for word in text.split(", ")]
    edits = [DimEdit(amount=2.0, dim=3), DirectionEdit(amount=-1.5, direction=0)]
    whole = served.services.renderer.latent("first", Face(seed=5, psi=0.9, edits=edits))
    assert numbers == pytest.approx(whole.tolist(), abs=1e-5)
    other = visit("?model=first&seed=6")
    before = pixels(other)
    other.get_by_role("button", name="paste", exact=True).click()
    paste(other, text)
    settle(other)
    other.wait_for_url(f"**z={encode_z(numbers)}**")
    shown, wanted = (np.array(pixels(one).split(","), dtype=int) for one in (other, page))
    assert abs(shown - wanted).max() <= 2 < abs(np.array(before.split(","), dtype=int) - wanted).max()
    assert not other.locator(".as-text").is_visible()
    undo(other)
    assert pixels(other) == before


def test_pasting_from_the_clipboard_needs_no_button(visit):
    """Ctrl+V into the field is enough."""
    page = visit("?model=first&seed=6", permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", encode_z(Z))
    page.get_by_role("button", name="paste", exact=True).click()
    page.keyboard.press("Control+v")
    page.wait_for_url(f"**z={encode_z(Z)}**")
    assert faders(page) == pytest.approx([float(Z[i]) for i in range(0, 100, 11)], abs=0.011)


@pytest.mark.parametrize(
    "text",
    [
        encode_z(Z),
        " ".join(f"{value:.5f}" for value in Z.tolist()),
        "[" + ",\n".join(f"{value:.5e}" for value in Z.tolist()) + "]",
        "\t".join(f"{value:.5f}".replace("-", "−") for value in Z.tolist()),
        "; ".join(f"{value:+.5f}" for value in Z.tolist()),
    ],
    ids=["packed", "spaces", "list", "tabs", "signs"],
)
def test_numbers_are_read_however_they_are_separated(visit, text):
    """Lists, columns, both minus signs, exponents and a link's text all give the same bank."""
    page = visit("?model=first&seed=6")
    paste(page, text)
    page.wait_for_function("new URLSearchParams(location.search).has('z')")
    z = parse_z(page.evaluate("new URLSearchParams(location.search).get('z')"))
    assert z == pytest.approx(Z.tolist(), abs=2e-3)


def test_what_is_no_latent_is_explained_and_changes_nothing(visit):
    """Wrong counts, words, numbers out of range and damaged texts get a sentence; text, picture and undo stay."""
    page = visit("?model=first&seed=6")
    before = pixels(page)
    ones = ["1"] * 100
    for text, words in (
        ("", "field is empty"),
        ("1 2 3", "These are 3 numbers; this model has 100"),
        ("5", "This is 1 number"),
        (" ".join([*ones, "1"]), "101 numbers"),
        (" ".join([*ones[:-1], "seven"]), "“seven” is not a number"),
        (" ".join([*ones[:-1], "NaN"]), "“NaN” is not a number"),
        (" ".join([*ones[:-1], "1e999"]), "−10 to 10"),
        (" ".join([*ones[:-1], "-10.5"]), "−10 to 10"),
        (encode_z(Z[:98]), "This z has 98 numbers"),
        (encode_z(Z)[:-4], "cut short"),
        (encode_z(Z)[:-1] + "!", "damaged"),
        (encode_z(Z)[:-3] + "AH4", "damaged"),
        ("<img src=x onerror=alert(1)>", "is not a number"),
    ):
        paste(page, text)
        assert words in page.locator(".as-text .word").inner_text(), text
        assert page.get_by_label("The numbers as text").input_value() == text
    settle(page)
    assert pixels(page) == before
    assert page.get_by_role("button", name="Undo").is_disabled()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="close", exact=True).click()
    assert not page.locator(".as-text").is_visible()


def test_zero_and_random_can_be_undone(visit):
    """Zero puts every fader in the middle; randomise draws another seed without edits; undo takes both back."""
    page = visit("?model=first&seed=6&edits=d3:2")
    before, bank = pixels(page), faders(page)
    page.get_by_role("button", name="zero", exact=True).click()
    says(page, "length 0.0, unusually short")
    settle(page)
    assert faders(page) == [0] * 10 and pixels(page) != before
    page.evaluate("Math.random = () => 0.3")  # one random seed in a hundred has an unusual length
    page.get_by_role("button", name="randomise").click()
    settle(page)
    says(page, "random faces are shorter")
    z = z_from_seed(int(page.get_by_label("Seed", exact=True).input_value()), 100)
    says(page, f"length {float(z.norm()):.1f}, ")
    assert page.locator(".fader.moved").count() == 0
    assert faders(page) == pytest.approx([float(z[i]) for i in range(0, 100, 11)], abs=0.011)
    undo(page)
    assert faders(page) == [0] * 10
    undo(page)
    assert pixels(page) == before and faders(page) == bank


def test_the_length_of_z_is_updated_when_a_fader_is_released(visit):
    """The length is that of the whole latent; outside its range it is called unusual; it waits while a fader moves."""
    page = visit("?model=first&seed=6")
    says(page, f"length {float(z_from_seed(6, 100).norm()):.1f}, as usual: ")
    assert page.locator(".state").get_attribute("data-out") == "false"
    page.get_by_label("Truncation psi").fill("2")
    says(page, f"length {2 * float(z_from_seed(6, 100).norm()):.1f}, unusually long")
    assert page.locator(".state").get_attribute("data-out") == "true"
    page.get_by_label("Truncation psi").fill("0.5")
    says(page, "unusually short")
    page.get_by_label("Truncation psi").fill("1")
    says(page, "as usual")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/numbers") else None)
    box = page.locator(".bank").bounding_box()
    page.clock.install()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 90, steps=20)
    page.clock.run_for(2000)  # a request that a timer was to send is sent now
    assert page.locator(".numbers.stale").count() == 1 and asked == []
    page.mouse.up()
    page.wait_for_function("!document.querySelector('.numbers.stale')")
    assert len(asked) == 1


def test_without_a_clipboard_the_text_can_be_taken_by_hand(visit):
    """Where the browser does not let the page copy, the numbers stand in the field, selected."""
    page = visit("?model=first&seed=7")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="copy", exact=True).click()
    page.wait_for_function("document.querySelector('.as-text textarea').value !== ''")
    text = page.get_by_label("The numbers as text").input_value()
    assert [float(word) for word in text.split(", ")] == pytest.approx(Z.tolist(), abs=1e-5)
    assert "Copy the text" in page.locator(".as-text .word").inner_text()
