"""D(x) of a face over HTTP."""

from __future__ import annotations

from asking import ask_json, refusal


def test_the_critic_ranks_a_face_among_the_models_own(page):
    """Probability and place lie in 0 … 1 and the percentile rises with D(x); without a D the answer is empty."""
    scores = [ask_json(page, "score", {"model": "first", "seed": seed}) for seed in range(6)]
    for score in scores:
        assert 0 <= score["probability"] <= 1 and 0 <= score["place"] <= 1 and max(score["bins"]) == 1
    by_probability = sorted(scores, key=lambda score: score["probability"])
    assert by_probability == sorted(scores, key=lambda score: (score["percentile"], score["probability"]))
    assert ask_json(page, "score", {"model": "second"}) == {}


def test_a_score_of_an_unknown_model_is_refused(page):
    """A face of a model that does not exist gets one readable sentence."""
    refusal(page, "score", {"model": "nobody"})
