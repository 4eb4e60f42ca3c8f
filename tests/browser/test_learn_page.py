"""The Learn tab in a real Chromium: each place to try something, and the list of shortcuts on every tab."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("playwright.sync_api")
pytestmark = pytest.mark.slow


@pytest.fixture
def learn(visit):
    """learn(query, **options) → the Learn tab."""

    def open_tab(query="", **options):
        page = visit(query, **options)
        page.get_by_role("tab", name="Learn").click()
        page.wait_for_function("document.querySelector('.learn .live')?.childElementCount > 0")
        return page

    return open_tab


def maps_are_there(page):
    page.wait_for_selector(".learn .networks[data-maps]")


def test_learn_names_the_loaded_model(learn):
    """The Learn tab's figures are the loaded model's."""
    page = learn()
    page.wait_for_function("document.querySelector('.live').textContent.includes('tiny-1')")
    assert "√100" in page.locator(".radius").inner_text()


def test_the_tables_show_the_models_layers_and_its_face(learn):
    """Both tables have the model's layers and parameters; maps follow each activation; the picture is Explore's."""
    page = learn("?model=first&seed=7")
    maps_are_there(page)
    rows = page.locator(".table-g tbody tr:not(.strip)").all_inner_texts()
    assert rows[1].split() == ["ConvTranspose2d", "4×4", "1", "0", "64×4×4", "102,400"]
    assert len(rows) == 15 and "Tanh" in rows[-1]
    assert page.inner_text(".total-g").replace(",", "").split()[0].isdigit()
    assert (
        page.locator(".table-g .strip-maps canvas").count()
        == 4 * 8
        == page.locator(".table-d .strip-maps canvas").count()
    )
    pixel = "c => [...c.getContext('2d').getImageData(32, 32, 1, 1).data].join()"
    pictures = page.locator(".strip-picture canvas")
    assert pictures.count() == 2
    shown = [pictures.nth(number).evaluate(pixel) for number in range(2)]
    assert shown[0] == shown[1]
    before = page.get_attribute(".learn .networks", "data-maps")
    page.get_by_role("tab", name="Explore").click()
    page.get_by_label("Seed", exact=True).fill("11")
    page.wait_for_function("location.search.includes('seed=11')")
    page.get_by_role("tab", name="Learn").click()
    changed = "before => document.querySelector('.learn .networks').dataset.maps !== before"
    page.wait_for_function(changed, arg=before)
    assert pictures.nth(0).evaluate(pixel) != shown[0]


def test_a_model_without_d_has_its_layers_and_says_so(learn):
    """Without D the table shows what the configuration describes, without maps and answer, and a sentence says it."""
    page = learn("?model=second")
    maps_are_there(page)
    assert "D was not kept" in page.inner_text(".learn .missing")
    assert page.locator(".table-d .strip-maps canvas").count() == 0
    assert page.locator(".table-d tbody tr:not(.strip)").count() > 10
    assert page.inner_text(".learn .answer") == ""


def test_the_sliders_of_the_game_show_losses_and_gradients(learn):
    """Both losses follow the sliders, and the sentence says what the gradients of G mean."""
    page = learn()
    fake = page.get_by_label("D(G(z)), D’s answer for the generated picture")
    assert page.inner_text(".grad-ns") == "0.980" and page.inner_text(".grad-s") == "0.020"
    assert "49 times as large" in page.inner_text(".learn .meaning")
    for slider in (fake, page.get_by_label("D(x), D’s answer for the real picture")):
        slider.fill("0.5")
    assert [page.inner_text(f".loss-{name}") for name in ("d", "ns", "s")] == ["1.386", "0.693", "−0.693"]
    assert page.inner_text(".grad-ns") == page.inner_text(".grad-s") == "0.500"
    assert page.get_attribute(".learn .marker", "transform") == "translate(170 0)"
    fake.focus()
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".out-fake") == "0.505"


def test_the_steps_of_d_and_g_show_their_own_gradients_and_code(learn):
    """D's step stops at detach() and changes D; G's step goes through the frozen D and changes G."""
    page = learn()
    shown = "all => all.filter(e => getComputedStyle(e).visibility === 'visible').length"
    seen = {}
    for step in ("D’s step", "G’s step"):
        page.get_by_role("button", name=step).click()
        assert page.get_by_role("button", name=step).get_attribute("aria-pressed") == "true"
        seen[step] = (
            page.locator(".learn .graph .gradient").evaluate_all(shown),
            page.locator(".learn .graph .cut").evaluate_all(shown),
            page.locator(".learn .state:visible").all_text_contents(),
            page.locator(".learn pre:visible").inner_text().count("opt_D"),
        )
    assert seen == {
        "D’s step": (1, 1, ["unchanged", "changes"], 2),
        "G’s step": (3, 0, ["changes", "frozen"], 0),
    }


def cells(page, grid="output"):
    return [int(text) for text in page.locator(f".learn .grid-{grid} span").all_inner_texts()]


def test_the_transposed_convolution_steps_on_and_back(learn):
    """Step adds the kernel once, Back takes it away, and the sentence says what was added where."""
    page = learn()
    step, back = (page.get_by_role("button", name=name, exact=True) for name in ("Step", "Back"))
    assert set(cells(page)) == {0} and back.is_disabled() and len(cells(page)) == 64
    step.click()
    once = cells(page)
    assert sum(once) == 36 and page.locator(".grid-output .now").count() == 16
    assert "1 times the kernel is added to rows 1 to 4, columns 1 to 4" in page.inner_text(".learn .told")
    step.focus()
    for _ in range(8):
        page.keyboard.press("Enter")
    assert step.is_disabled() and sum(cells(page)) == 36 * sum(cells(page, "input"))
    for _ in range(8):
        back.click()
    assert cells(page) == once


def test_the_overlaps_show_where_checkerboards_come_from(learn):
    """As counts: kernel 4, stride 2 is level inside, kernel 3, stride 2 alternates, and each is said in words."""
    page = learn()
    page.get_by_label("count instead of sum").check()
    page.get_by_role("button", name="as in DCGAN: 4, 2, 1").click()
    inside = [count for row in range(2, 6) for count in cells(page)[8 * row + 2 : 8 * row + 6]]
    assert set(inside) == {4}
    assert "no checkerboard" in page.inner_text(".learn .evenness")
    page.get_by_role("button", name="a checkerboard: 3, 2, 1").click()
    assert [cells(page)[7 * row + 2 : 7 * row + 5] for row in (2, 3, 4)] == [[4, 2, 4], [2, 1, 2], [4, 2, 4]]
    assert "2, then 1 input values in turn: a checkerboard" in page.inner_text(".learn .evenness")
    assert page.locator(".grid-output .cut").count() == 49 - 25


def test_a_padding_that_cuts_off_everything_cannot_be_chosen(learn):
    """With kernel 2 and stride 1 the padding 2 would leave nothing: it is taken back to 1, and cannot be chosen."""
    page = learn()
    page.get_by_label("Padding").select_option("2")
    page.get_by_label("Side of the kernel").select_option("2")
    assert page.get_by_label("Padding").input_value() == "2"
    page.get_by_label("Stride").select_option("1")
    assert page.get_by_label("Padding").input_value() == "1"
    assert page.locator(".learn .padding option").nth(2).is_disabled()
    assert page.inner_text(".learn .output-size").startswith("2 × 2:")


def test_it_plays_by_itself_and_can_be_paused(learn):
    """Play steps on, Pause stops it, and at the end Play begins again."""
    page = learn()
    play = page.locator(".learn .step-play")
    play.click()
    assert play.inner_text() == "Pause"
    page.wait_for_function("document.querySelector('.learn .told').textContent.startsWith('Step 2')")
    play.click()
    told = page.inner_text(".learn .told")
    page.wait_for_timeout(900)
    assert page.inner_text(".learn .told") == told and play.inner_text() == "Play"


def test_without_motion_play_shows_the_whole_output_at_once(learn):
    """For those who want no motion nothing moves: Play goes to the end, and no arrow of the graph flows."""
    page = learn(reduced_motion="reduce")
    page.locator(".learn .step-play").click()
    assert page.inner_text(".learn .told").startswith("Step 9 of 9")
    assert page.locator(".learn .graph .gradient").first.evaluate("a => getComputedStyle(a).animationName") == "none"


def test_an_experiment_asks_first_and_then_starts_as_a_run(learn):
    """The button tells what it will do; Cancel starts nothing; Start sends the settings and opens the run on Train."""
    page = learn()
    sent = []

    def start(route):
        sent.append(json.loads(route.request.post_data))
        route.fulfill(json={"run": "doodles-1", "token": "secret"})

    page.route("**/train/start", start)
    place = page.locator('.learn [data-experiment="healthy"]')
    place.get_by_role("button", name="Try it").click()
    assert "2,000 cartoon faces" in place.locator(".plan").inner_text()
    place.get_by_role("button", name="Cancel").click()
    assert sent == [] and place.get_by_role("button", name="Try it").is_visible()
    place.get_by_role("button", name="Try it").click()
    place.get_by_role("button", name="Start this run").click()
    page.wait_for_selector(".train", state="visible")
    (body,) = sent
    assert body["data"] == "doodles:2000" and body["preset"] == "quick" and body["overrides"]["image_size"] == 32
    assert page.evaluate("JSON.parse(localStorage['dcgan-tokens'])['doodles-1']") == "secret"


def test_an_experiment_says_that_a_run_is_going_on(learn):
    """While a run trains, the button starts nothing and says which run it is; a refusal of the server is shown."""
    page = learn()
    running = {"run": "other", "running": "other"}
    page.route("**/train/status?after=1e12", lambda route: route.fulfill(json=running))
    place = page.locator('.learn [data-experiment="few_pictures"]')
    place.get_by_role("button", name="Try it").click()
    page.wait_for_function("document.querySelector('[data-experiment=few_pictures] .outcome').textContent !== ''")
    assert "The run other is going on" in place.locator(".outcome").inner_text()
    assert not place.get_by_role("button", name="Start this run").is_visible()
    running["running"] = None
    page.route("**/train/start", lambda route: route.fulfill(status=422, json={"error": "The disk is full."}))
    place.get_by_role("button", name="Try it").click()
    place.get_by_role("button", name="Start this run").click()
    page.wait_for_function(
        "document.querySelector('[data-experiment=few_pictures] .outcome').textContent.includes('disk')"
    )
    assert place.get_by_role("button", name="Try it").is_visible()


def test_the_list_of_sections_stays_in_view_and_marks_the_one_that_is_read(learn):
    """On a wide screen the list is beside the text however far one scrolls; a click goes to a section and marks it."""
    page = learn(reduced_motion="reduce")
    nav = page.get_by_role("navigation", name="Sections of this tab")
    for name, section in (("Ways to fail", "learn-failures"), ("One training step", "learn-step")):
        nav.get_by_role("link", name=name).click()
        page.wait_for_function(
            "name => document.querySelector('.contents [aria-current]').innerText === name", arg=name
        )
        assert page.evaluate("document.activeElement.id") == section
        assert 0 <= page.locator(f"#{section}").bounding_box()["y"] < 300
        assert nav.bounding_box()["y"] >= 0
    assert "#" not in page.url


@pytest.mark.parametrize("tab", ["Explore", "Interpolate", "Train", "Learn"])
def test_the_question_mark_lists_the_shortcuts_on_every_tab(visit, tab):
    """`?` opens the list, Escape closes it, and the focus returns to where it was."""
    page = visit()
    button = page.get_by_role("tab", name=tab)
    button.click()
    button.focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    dialog.wait_for()
    assert "a random face" in dialog.inner_text()
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert page.evaluate("document.activeElement.textContent.trim()") == tab


def test_a_question_mark_that_is_typed_opens_nothing(visit):
    """In a field `?` is a character; behind the open list the keys of Explore do nothing."""
    page = visit("?model=first&seed=7")
    seed = page.get_by_label("Seed", exact=True)
    seed.focus()
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 0
    seed.blur()
    page.keyboard.press("?")
    page.keyboard.press("r")
    assert page.locator("dialog[open]").count() == 1
    page.keyboard.press("Escape")
    assert "seed=7" in page.url


@pytest.mark.parametrize("width", [390, 1024, 1400])
def test_nothing_is_wider_than_the_screen(learn, width):
    """At each width, with the tables filled and a whole output shown, the page does not scroll sideways."""
    page = learn(width=width, height=768, is_mobile=width < 600, has_touch=width < 600)
    page.locator("#learn-networks").scroll_into_view_if_needed()
    maps_are_there(page)
    page.get_by_label("Side of the kernel").select_option("5")
    page.get_by_label("Stride").select_option("3")
    page.get_by_label("Padding").select_option("0")
    page.locator('[data-experiment="healthy"] .try').click()
    page.locator('[data-experiment="healthy"] .plan').wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    beyond = "e => e.getBoundingClientRect().right - e.closest('.lessons').getBoundingClientRect().right"
    for part in (".table-g", ".table-d", ".trial", ".grid-output span:last-child", ".code-d", ".glossary"):
        assert page.locator(f".learn {part}").evaluate(beyond) <= 0.5, part
