"""Arithmetic and breeding in a real Chromium."""

from __future__ import annotations

import pytest
import torch
from browsing import pixels, settle

from dcgan.latent import z_from_seeds
from dcgan.latent.breeding import breed
from dcgan.schema import encode_z, parse_z

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow


def fill(page, letter, seeds):
    """Pick random faces for a term of the sum, and use them."""
    pick(page, letter, seeds).get_by_role("button", name="Use").click()


def pick(page, letter, seeds):
    """Open the dialog of a term and pick random faces; return the dialog."""
    page.locator(f".arithmetic .term.{letter.lower()} .face-button").click()
    dialog = page.get_by_role("dialog", name=f"Pictures for {letter}")
    for seed in seeds:
        random = dialog.get_by_role("group", name="Random faces")
        random.get_by_role("button", name=f"seed {seed}", exact=True).click()
    return dialog


def sum_shown(page, formula):
    """Wait for the account of a sum, and for its picture."""
    page.wait_for_function("f => document.querySelector('.arithmetic .account').textContent.startsWith(f)", arg=formula)
    page.wait_for_selector(".arithmetic .cell:nth-child(5) canvas.ready")
    return pixels(page, ".arithmetic .cell:nth-child(5) canvas")


def z_of(page):
    """The latent that the address names, once it names one in place of a seed."""
    return page.wait_for_function("new URLSearchParams(location.search).get('z')").json_value()


def test_a_sum_grows_term_by_term_and_opens_in_explore(visit):
    """Means, the step and the sum are shown as terms are filled; the sum is A − B + C; undo leaves it."""
    page = visit("?model=first&seed=3")
    before = pixels(page)
    assert page.get_by_role("button", name="show in Explore", exact=True).is_disabled()
    fill(page, "A", [1, 2, 5])
    alone = sum_shown(page, "A is ")
    assert page.locator(".arithmetic .term.a .members canvas.ready").count() == 3
    assert not page.locator(".arithmetic .frame canvas.ready").count()
    fill(page, "B", [7])
    less = sum_shown(page, "A − B is ")
    page.wait_for_selector(".arithmetic .frame canvas.ready")
    assert pixels(page, ".arithmetic .frame canvas") == less != alone
    fill(page, "C", [9, 10])
    assert sum_shown(page, "A − B + C is ") != less
    page.get_by_role("button", name="show in Explore", exact=True).click()
    settle(page)
    assert pixels(page) != before
    raw = z_from_seeds([1, 2, 5], 100).mean(0) - z_from_seeds([7], 100)[0] + z_from_seeds([9, 10], 100).mean(0)
    assert torch.cosine_similarity(torch.tensor(parse_z(z_of(page))), raw, dim=0) > 0.9999
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert pixels(page) == before


def test_a_reload_finds_the_sum_and_the_lineage_again(visit):
    """Terms, parents, children and the trail outlast a reload, though another model has its own; clear is final."""
    page = visit("?model=first&seed=3")
    fill(page, "A", [1, 2])
    fill(page, "B", [7])
    total = sum_shown(page, "A − B is ")
    for parent, seed in (("1", 4), ("2", 8)):
        page.get_by_role("button", name=f"Pick parent {parent}").click()
        page.get_by_role("dialog").get_by_role("button", name=f"seed {seed}", exact=True).click()
    page.wait_for_selector(".breeding .cell:nth-child(3) canvas.ready")
    last = "document.querySelector('.breeding .cell:nth-child(9) canvas').toDataURL()"
    page.wait_for_selector(".breeding .cell:nth-child(9) canvas.ready")
    before = page.evaluate(last)
    page.get_by_role("button", name="Child 3: go on from it").click()
    page.wait_for_function(f"before => {last} !== before", arg=before)
    ninth = pixels(page, ".breeding .cell:nth-child(9) canvas")
    page.reload()
    page.wait_for_selector('.explore .stage[data-state="live"]')
    assert sum_shown(page, "A − B is ") == total
    page.wait_for_selector(".breeding .cell:nth-child(9) canvas.ready")
    assert pixels(page, ".breeding .cell:nth-child(9) canvas") == ninth
    assert page.locator(".breeding .trail .step").count() == 2
    page.locator(".arithmetic .clear").click()
    page.locator(".breeding .clear").click()
    page.reload()
    page.wait_for_selector('.explore .stage[data-state="live"]')
    settle(page)
    assert "Press a letter" in page.locator(".arithmetic .account").inner_text()
    assert "pick the parents" in page.locator(".breeding .account").inner_text()


@pytest.mark.parametrize(
    "text", ["no json", "null", "[[{}], 5]", '{"trail": [{"parents": [1]}], "at": 0}', '{"trail": 3}']
)
def test_damaged_storage_gives_empty_terms(visit, text):
    """Whatever stands in the tab's storage, arithmetic and breeding then begin empty, and nothing breaks."""
    page = visit("?model=first&seed=3")
    page.evaluate("t => ['sums', 'breeding'].forEach(n => sessionStorage.setItem(`dcgan-${n}:first`, t))", text)
    page.reload()
    page.wait_for_selector('.explore .stage[data-state="live"]')
    assert "Press a letter" in page.locator(".arithmetic .account").inner_text()
    assert "pick the parents" in page.locator(".breeding .account").inner_text()


def test_terms_come_from_explore_and_the_shelf_and_the_sum_is_kept(visit):
    """The picker offers the current face and those on the shelf; the kept sum is named by its formula."""
    page = visit("?model=first&seed=40&edits=d3:2")
    page.keyboard.press("k")
    page.get_by_label("Seed", exact=True).fill("41")
    page.locator(".arithmetic .term.a .face-button").click()
    mine = page.get_by_role("dialog").get_by_role("group", name="Yours")
    mine.get_by_role("button", name="the face in Explore").click()
    mine.get_by_role("button", name="seed 40, edited").click()
    page.get_by_role("button", name="Use 2 pictures").click()
    sum_shown(page, "A is ")
    fill(page, "C", [3])
    sum_shown(page, "A + C is ")
    page.locator(".arithmetic .keep-sum").click()
    assert page.locator(".shelf-row .name").nth(1).input_value() == "A + C"
    page.locator(".arithmetic .keep-sum").click()
    assert "on the shelf already" in page.locator(".arithmetic .account").inner_text()
    page.locator(".arithmetic .term.a .face-button").click()  # what was chosen is so again, and can be left out
    chosen = page.get_by_role("dialog").locator('.own .face[aria-pressed="true"]')
    assert chosen.count() == 2
    chosen.first.click()
    page.get_by_role("button", name="Use 1 picture").click()
    page.wait_for_function("document.querySelectorAll('.term.a .members canvas').length === 1")
    page.locator(".arithmetic .clear").click()
    assert "Press a letter" in page.locator(".arithmetic .account").inner_text()
    assert page.locator(".arithmetic canvas.ready").count() == 0


def test_what_was_cleared_stays_cleared(visit):
    """Pictures that are still being decoded when the sum is cleared are not painted into the empty places."""
    hold = """() => {
      const make = createImageBitmap;
      window.decoding = 0;
      window.gate = new Promise((done) => { window.open_gate = done; });
      window.createImageBitmap = async (blob) => {
        const sheet = await make(blob);
        window.decoding += 1;
        await window.gate;
        return sheet;
      };
    }"""
    page = visit("?model=first&seed=3")
    fill(page, "A", [1])
    page.wait_for_function("document.querySelectorAll('.arithmetic canvas.ready').length === 11")
    dialog = pick(page, "B", [7])
    dialog.get_by_role("group", name="Random faces").locator("canvas.ready").first.wait_for()
    page.evaluate(hold)
    dialog.get_by_role("button", name="Use").click()
    page.wait_for_function("document.querySelector('.arithmetic .account').textContent.startsWith('A − B is')")
    page.wait_for_function("window.decoding > 0")
    page.locator(".arithmetic .clear").click()
    # what waited for the gate goes on before the next frame
    page.evaluate("() => { window.open_gate(); return new Promise(requestAnimationFrame); }")
    assert page.locator(".arithmetic canvas.ready").count() == 0


def test_pictures_near_the_sum_can_be_opened(visit):
    """Eight pictures lie around the sum, near it and all different; a click opens one in Explore."""
    page = visit("?model=first&seed=3")
    fill(page, "A", [1])
    sum_shown(page, "A is ")
    page.wait_for_function("document.querySelectorAll('.arithmetic .cell canvas.ready').length === 9")
    seen = {pixels(page, f".arithmetic .cell:nth-child({index}) canvas") for index in range(1, 10)}
    assert len(seen) == 9
    page.get_by_role("button", name="Neighbour of the sum, 1: show it in Explore").click()
    near = torch.tensor(parse_z(z_of(page)))
    assert 0.9 < float(torch.cosine_similarity(near, z_from_seeds([1], 100)[0], dim=0)) < 0.9999


def choose_parent(page, number, name):
    page.locator(".breeding .face-button").nth(number - 1).click()
    page.get_by_role("dialog", name=f"Parent {number}").get_by_role("button", name=name, exact=True).last.click()


def children(page):
    """Wait for a generation's nine pictures."""
    page.wait_for_function("document.querySelectorAll('.breeding .cell canvas.ready').length === 9")
    return [pixels(page, f".breeding .cell:nth-child({index}) canvas") for index in range(1, 10)]


def other_children(page, before):
    page.wait_for_function(
        """before => document.querySelectorAll('.breeding .cell canvas.ready').length === 9
          && document.querySelector('.breeding .cell:nth-child(9) canvas').toDataURL() !== before""",
        arg=before,
    )


def test_breeding_goes_on_and_back(visit):
    """A click opens a child in Explore and draws its children; the trail leads back to the same nine as before."""
    page = visit("?model=first&seed=3")
    before = pixels(page)
    choose_parent(page, 1, "the face in Explore")
    choose_parent(page, 2, "seed 8")
    first = children(page)
    assert len(set(first)) == 9
    last = "document.querySelector('.breeding .cell:nth-child(9) canvas').toDataURL()"
    shown = page.evaluate(last)
    page.get_by_role("button", name="Child 2: go on from it").click()
    other_children(page, shown)
    second = children(page)
    assert second != first
    a, b = z_from_seeds([3, 8], 100)
    expected = encode_z(breed(a, b, 0.25, seed=1)[1].tolist())
    assert z_of(page) == expected
    assert page.locator(".breeding .trail li").count() == 2
    shown = page.evaluate(last)
    page.get_by_role("button", name="Generation 1", exact=True).click()
    other_children(page, shown)
    assert children(page) == first
    settle(page)
    assert pixels(page) == before
    shown = page.evaluate(last)
    page.get_by_role("button", name="Generation 2", exact=True).click()
    other_children(page, shown)
    assert children(page) == second
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert pixels(page) == before


def test_children_can_be_drawn_again_and_wilder(visit):
    """Other children, and another wildness, are other pictures of the same parents; clearing starts again."""
    page = visit("?model=first&seed=3")
    assert page.get_by_role("button", name="other children").is_disabled()
    choose_parent(page, 1, "seed 1")
    choose_parent(page, 2, "seed 2")
    litters = [children(page)]
    last = "document.querySelector('.breeding .cell:nth-child(9) canvas').toDataURL()"
    for act in (
        lambda: page.get_by_role("button", name="other children").click(),
        lambda: page.get_by_role("slider", name="Wildness").fill("0.9"),
    ):
        shown = page.evaluate(last)
        act()
        other_children(page, shown)
        litters.append(children(page))
    assert len({tuple(litter) for litter in litters}) == 3
    page.locator(".breeding .clear").click()
    assert "pick the parents" in page.locator(".breeding .account").inner_text()
    assert page.locator(".breeding canvas.ready").count() == 0


def test_another_model_begins_with_empty_terms(visit):
    """Latents of one model are not carried into another."""
    page = visit("?model=first&seed=3")
    fill(page, "A", [1])
    sum_shown(page, "A is ")
    choose_parent(page, 1, "seed 1")
    page.get_by_label("Model", exact=True).select_option("second")
    page.wait_for_function("document.querySelectorAll('.combine canvas.ready').length === 0")
    assert page.get_by_role("button", name="Pick pictures for A").is_visible()


def test_the_arithmetic_panel_fits_a_phone(visit):
    """Behind folds, and with everything open nothing is wider than the screen."""
    page = visit("?model=first&seed=3", width=390, height=844, is_mobile=True, has_touch=True)
    assert not page.locator(".equation").is_visible() and not page.locator(".family").is_visible()
    for name in ("arithmetic", "breeding"):
        page.locator(f".fold.{name} > summary").click()
    fill(page, "A", [1])
    sum_shown(page, "A is ")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in (".equation", ".family", ".picture"):
        assert page.locator(f".explore {name}").first.bounding_box()["width"] <= 390
