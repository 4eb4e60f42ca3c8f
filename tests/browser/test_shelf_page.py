"""The shelf in a real Chromium: pictures are kept, named, moved, taken elsewhere, and nothing is lost."""

from __future__ import annotations

import json

import pytest
from browsing import pixels, settle

from dcgan.latent import z_from_seed
from dcgan.schema import encode_z

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow

Z = encode_z(z_from_seed(7, 100))


def keep(page, *seeds):
    for seed in seeds:
        page.get_by_label("Seed", exact=True).fill(str(seed))
        page.locator(".share-buttons .keep").click()


def names(page):
    fields = page.locator(".shelf-row .name")
    return [fields.nth(i).input_value() for i in range(fields.count())]


def says(page, words):
    page.wait_for_function(
        "words => document.querySelector('.shelf-tools .hint').textContent.includes(words)", arg=words
    )


def drawn(page, index):
    """What a picture on the shelf shows, once it is there."""
    page.wait_for_selector(f".shelf-row .key:nth-child({index + 1}) canvas.ready")
    return pixels(page, f".shelf-row .key:nth-child({index + 1}) canvas")


def stored(page, model="first"):
    return json.loads(page.evaluate(f"localStorage.getItem('dcgan-shelf:{model}')"))["items"]


def put_file(page, tmp_path, content):
    path = tmp_path / "shelf.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    page.get_by_label("Import a shelf").set_input_files(path)


def shelf_file(*items, **fields):
    return {"format": "dcgan-shelf", "version": 1, "model": "first", "nz": 100, "items": list(items), **fields}


def test_a_kept_picture_is_gone_to_and_left_again(visit):
    """Key K keeps the picture with its edits, a click brings it back, undo leaves it, and a reload loses nothing."""
    page = visit("?model=first&seed=5&psi=0.8&edits=d3:2,j1:-1")
    assert "Nothing kept yet" in page.locator(".shelf-tools .hint").inner_text()
    kept = pixels(page)
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert names(page) == ["seed 5, edited"]
    assert "on the shelf already" in page.locator(".notice").inner_text()
    page.get_by_label("Seed", exact=True).fill("6")
    page.get_by_role("button", name="reset").click()
    settle(page)
    left = pixels(page)
    page.get_by_role("button", name="Go to seed 5, edited").click()
    settle(page)
    assert pixels(page) == kept
    page.get_by_role("button", name="Undo").click()
    settle(page)
    assert pixels(page) == left
    page.reload()
    page.wait_for_selector('.explore .stage[data-state="live"]')
    page.get_by_role("button", name="Go to seed 5, edited").click()
    settle(page)
    assert pixels(page) == kept


def test_typing_a_k_keeps_nothing(visit):
    """The key is not meant while a name is written."""
    page = visit("?model=first")
    keep(page, 5)
    name = page.locator(".shelf-row .name")
    name.fill("")
    name.press_sequentially("kkk")
    name.press("Enter")
    assert names(page) == ["kkk"] and stored(page)[0]["name"] == "kkk"
    page.reload()
    page.wait_for_selector(".shelf-row .key")
    assert names(page) == ["kkk"]


def test_pictures_are_moved_removed_and_put_back(visit):
    """The grip's arrow keys and the mouse move a picture; a removed one can be put back where it was."""
    page = visit("?model=first")
    keep(page, 1, 2, 3)
    page.get_by_role("button", name="Move seed 3", exact=True).focus()
    page.keyboard.press("ArrowLeft")
    assert names(page) == ["seed 1", "seed 3", "seed 2"]
    page.get_by_role("button", name="Move seed 1", exact=True).scroll_into_view_if_needed()
    first, last = (page.locator(".shelf-row canvas").nth(i).bounding_box() for i in (0, 2))
    before = pixels(page)
    page.mouse.move(first["x"] + 50, first["y"] + 50)
    page.mouse.down()
    page.mouse.move(last["x"] + 100, first["y"] + 50, steps=10)
    page.mouse.up()
    assert names(page) == ["seed 3", "seed 2", "seed 1"]
    settle(page)
    assert pixels(page) == before  # dragging is no click
    page.get_by_role("button", name="Remove seed 2").click()
    assert names(page) == ["seed 3", "seed 1"] and [item["seed"] for item in stored(page)] == ["3", "1"]
    page.get_by_role("button", name="put back").click()
    assert names(page) == ["seed 3", "seed 2", "seed 1"]
    assert not page.get_by_role("button", name="put back").is_visible()


def test_each_model_has_its_own_shelf(visit):
    """Another model's shelf is empty, and the first one's is there again afterwards."""
    page = visit("?model=first")
    keep(page, 1)
    page.get_by_label("Model", exact=True).select_option("second")
    page.wait_for_function("document.querySelectorAll('.shelf-row .key').length === 0")
    keep(page, 2)
    page.get_by_label("Model", exact=True).select_option("first")
    page.wait_for_function("document.querySelector('.shelf-row .name')?.value === 'seed 1'")
    assert [item["seed"] for item in stored(page, "second")] == ["2"]


def test_the_shelf_goes_into_a_file_and_comes_out_elsewhere(visit, tmp_path):
    """What one browser exports another imports: the same pictures, names and order; twice is once."""
    page = visit(f"?model=first&z={Z}&edits=d3:2")
    page.keyboard.press("k")
    keep(page, 5)
    page.locator(".shelf-row .name").first.fill("my <b>best</b> & “only” one")
    page.locator(".shelf-row .name").first.press("Enter")
    with page.expect_download() as download:
        page.get_by_role("button", name="export").click()
    assert download.value.suggested_filename == "shelf-first.json"
    content = download.value.path().read_text()
    other = visit("?model=first&edits=d3:2")
    keep(other, 5)
    put_file(other, tmp_path, content)
    says(other, "1 picture added, 1 on the shelf already.")
    assert names(other) == ["seed 5, edited", "my <b>best</b> & “only” one"]
    assert drawn(other, 1) == drawn(page, 0) and drawn(other, 0) == drawn(page, 1) != drawn(page, 0)
    put_file(other, tmp_path, content)
    says(other, "0 pictures added, 2 on the shelf already.")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no json", "not JSON"),
        ("[]", "not a shelf file"),
        ({"items": []}, "not a shelf file"),
        (shelf_file(version=3), "has version 3"),
        (shelf_file(nz=64), "a model of 64 dimensions; first has 100"),
        (shelf_file({"seed": "5"}, model="other"), "belong to other; first draws other pictures from them"),
        (
            shelf_file(None, 7, {}, {"seed": -1}, {"seed": 5, "psi": 9}, {"seed": 5}),
            "1 picture added, 5 that could not",
        ),
        (shelf_file({"seed": 5, "edits": [{"dim": 100, "amount": 1}]}), "1 that could not be read"),
        (shelf_file({"z": Z[:-4]}, {"z": "A" * 263 + "AH4"}), "0 pictures added, 2 that could not be read"),
    ],
)
def test_a_bad_file_is_explained_and_nothing_lost(visit, tmp_path, content, words):
    """A file that is none, or of another kind of model, or holds nonsense, gets a sentence; what was kept stays."""
    page = visit("?model=first")
    keep(page, 1)
    put_file(page, tmp_path, content)
    says(page, words)
    assert names(page)[0] == "seed 1" and stored(page)[0]["seed"] == "1"


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_keeps_every_kind_of_edit(visit, tmp_path, version):
    """Directions of every method, taught vectors and units that are off come from a file, and go into one."""
    vector = encode_z([0.6, 0.8] + [0] * 98)
    edits = [
        {"direction": 1, "amount": 3},
        {"direction": 1, "method": "sefa", "amount": 3},
        {"direction": 1, "method": "pca", "amount": 3},
        {"vector": vector, "amount": 3},
        {"dim": 1, "amount": 3},
    ]
    faces = [{"seed": "5", "psi": 1, "edits": [edit]} for edit in edits]
    faces.append({"seed": "5", "psi": 1, "edits": [], "off": [[0, 1], [1, 2]]})
    items = [{"name": f"face {number}", **face} for number, face in enumerate(faces)]
    page = visit("?model=first")
    put_file(page, tmp_path, shelf_file(*items, version=version))
    says(page, "6 pictures added")
    assert stored(page) == items
    with page.expect_download() as download:
        page.get_by_role("button", name="export").click()
    exported = json.loads(download.value.path().read_text())
    assert exported["version"] == 2 and exported["items"] == items
    assert len({str(drawn(page, index)) for index in range(5)}) == 5
    page.reload()
    page.wait_for_selector(".shelf-row .key")
    assert stored(page) == items and len(names(page)) == 6


def test_a_link_from_the_shelf_opens_elsewhere(visit):
    """The link of a kept picture, of a seed or of a latent of its own, shows the same pixels in a fresh browser."""
    page = visit(f"?model=first&z={Z}&edits=d3:2,j0:1.5&psi=0.7", permissions=["clipboard-read", "clipboard-write"])
    shown = [pixels(page)]
    page.keyboard.press("k")
    keep(page, 9)
    settle(page)
    shown.append(pixels(page))
    for index, start in ((0, f"z={Z}"), (1, "seed=9")):
        page.get_by_role("button", name="Copy a link").nth(index).click()
        page.wait_for_function(f"document.querySelectorAll('.its-link')[{index}].textContent === 'copied'")
        link = page.evaluate("navigator.clipboard.readText()")
        assert start in link
        assert pixels(visit(link.partition("/?")[2].join(["?", ""]))) == shown[index]


def test_pictures_from_the_shelf_go_into_the_film(visit):
    """By its own button, or picked on the Interpolate tab, where random faces can be had as well."""
    page = visit("?model=first")
    keep(page, 11, 12)
    page.get_by_role("button", name="Add seed 11 to the film").click()
    page.get_by_role("tab", name="Interpolate").click()
    assert page.get_by_label("Seed of face D").input_value() == "11"
    page.get_by_role("button", name="from the shelf").click()
    dialog = page.get_by_role("dialog", name="Faces for the film")
    mine = dialog.get_by_role("group", name="Yours")
    mine.get_by_role("button", name="seed 12").click()
    dialog.get_by_role("button", name="more faces").click()
    dialog.get_by_role("button", name="seed 30").click()
    dialog.get_by_role("button", name="Use 2 pictures").click()
    assert page.get_by_label("Seed of face E").input_value() == "12"
    assert page.get_by_label("Seed of face F").input_value() == "30"
    page.get_by_role("button", name="from the shelf").click()
    dialog.wait_for()
    page.keyboard.press("Escape")
    page.locator("dialog.picker").wait_for(state="detached")
    assert page.locator(".frames-row .key").count() == 6


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError') }", "storage is full"),
        (
            "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('', 'SecurityError') }})",
            "keeps nothing",
        ),
    ],
    ids=["full", "blocked"],
)
def test_without_storage_the_page_keeps_what_it_can(visit, script, words):
    """Full or blocked storage is said, and the shelf lives on in the page, as do the other sliders."""
    page = visit("?model=first", script=script)
    keep(page, 1, 2)
    says(page, words)
    assert names(page) == ["seed 1", "seed 2"]
    with page.expect_download() as download:
        page.get_by_role("button", name="export").click()
    assert len(json.loads(download.value.path().read_text())["items"]) == 2
    page.get_by_role("button", name="Remove seed 1").click()
    assert names(page) == ["seed 2"]
    page.locator(".method").select_option("sefa")
    page.wait_for_selector(".found-rows input[type=range]:enabled")


def test_a_damaged_shelf_is_read_as_far_as_it_goes(visit):
    """What the browser holds is checked: good pictures are shown, the rest is said to be left out, and kept aside."""
    bad = json.dumps({"version": 1, "items": [{"name": 5, "seed": "3"}, {"seed": "x"}, {"z": "AAAA"}]})
    key = "dcgan-shelf:first"
    script = f"localStorage.getItem('{key}') ?? localStorage.setItem('{key}', {json.dumps(bad)})"
    page = visit("?model=first", script=script)
    says(page, "could not be read")
    assert names(page) == ["unnamed"]
    assert page.evaluate("localStorage.getItem('dcgan-shelf:first:damaged')") == bad


def test_two_tabs_share_a_shelf(visit):
    """What is kept in one tab is there in the other, and neither forgets the other's."""
    page = visit("?model=first")
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector('.explore .stage[data-state="live"]')
    keep(page, 1)
    other.wait_for_selector(".shelf-row .key")
    keep(other, 2)
    page.wait_for_function("document.querySelectorAll('.shelf-row .key').length === 2")
    keep(page, 3)
    assert [item["seed"] for item in stored(page)] == ["1", "2", "3"]


def test_the_shelf_fits_a_phone(visit):
    """At 390 pixels the shelf is folded below the sliders; neither it nor its dialog scrolls sideways."""
    page = visit("?model=first", width=390, height=844, is_mobile=True, has_touch=True)
    assert not page.locator(".shelf-row").is_visible()
    page.locator(".share-buttons .keep").click()
    page.locator(".fold.shelf > summary").click()
    assert page.locator(".shelf-row .key").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sliders, shelf = (page.locator(name).bounding_box()["y"] for name in (".found-rows", ".shelf-row"))
    assert shelf > sliders
