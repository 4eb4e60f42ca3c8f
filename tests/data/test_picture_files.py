"""Which files are pictures by their names."""

from __future__ import annotations

from pathlib import PurePosixPath

from dcgan.data.picture_files import count_other_kinds, kinds_in_words


def test_kinds_are_counted_the_most_frequent_first():
    """Suffixes count in any case; a name without one, and one that is no suffix at all, have words of their own."""
    names = ["a.HEIC", "b.heic", "c.txt", "LICENSE", "d.png", ".hidden.txt", "e." + "x" * 99, "f.\n"]
    kinds = count_other_kinds(map(PurePosixPath, names))
    assert kinds_in_words(kinds) == "2 .heic, 2 with a strange suffix, 1 .txt, 1 without a suffix"
    assert kinds_in_words({}) == ""


def test_a_list_of_many_kinds_stays_short():
    """Only the most frequent kinds are named; the others are added up."""
    kinds = {f".{letter}": number for number, letter in enumerate("abcdefgh", start=1)}
    assert kinds_in_words(kinds) == "8 .h, 7 .g, 6 .f, 5 .e, 4 .d and 6 of other kinds"
