"""directions.safetensors: round trips, older versions, invalid files."""

from dataclasses import replace

import pytest
import torch
from safetensors.torch import save_file

from dcgan.checkpoint import write_tensors
from dcgan.engine.directions_file import DirectionsFile, MethodDirections, load_directions, save_directions
from dcgan.errors import CheckpointError
from dcgan.latent import Directions
from dcgan.schema.direction_labels import MethodLabels, TaughtDirection

AXES = torch.linalg.qr(torch.randn(12, 12, generator=torch.Generator().manual_seed(0))).Q
LABELS = MethodLabels(names={0: "smile", 2: "light"}, locked=(2,), order=(2, 0, 1))


def some(axes=AXES[:3], generator="abc", labels=LABELS):
    return MethodDirections(Directions(axes, torch.tensor([0.6, 0.2, 0.1]), "test"), generator, labels)


def taught(name="hat"):
    vector = (0.0,) * 11 + (1.0,)
    return TaughtDirection(vector=vector, name=name, accuracy=0.9, has=5, has_not=7, locked=True, weights="abc")


def test_a_file_is_read_as_it_was_written(tmp_path):
    """Axes, shares, fingerprints, names, locks, order and taught directions survive a round trip."""
    path = tmp_path / "directions.safetensors"
    kept = DirectionsFile(
        {"jacobian": some(), "pca": some(AXES[3:6], "xyz", MethodLabels())}, (taught(), taught("beard"))
    )
    save_directions(path, kept)
    loaded = load_directions(path)
    assert loaded.taught == kept.taught
    for method, found in kept.found.items():
        assert torch.equal(loaded.found[method].directions.axes, found.directions.axes)
        assert torch.equal(loaded.found[method].directions.share, found.directions.share)
        assert replace(loaded.found[method], directions=found.directions) == found
    assert loaded.get("jacobian", "abc") is not None
    assert loaded.get("jacobian", "xyz") is None and loaded.get("sefa", "abc") is None


def test_a_file_of_version_1_holds_the_jacobians_directions(tmp_path):
    """A file of version 1 loads as the directions of the method "jacobian", without labels."""
    path = tmp_path / "directions.safetensors"
    tensors = {"axes": AXES[:3], "share": torch.tensor([0.6, 0.2, 0.1])}
    write_tensors(path, tensors, "directions", {"method": "mean Jacobian metric", "generator": "abc"})
    loaded = load_directions(path)
    assert torch.equal(loaded.get("jacobian", "abc").axes, AXES[:3])
    assert loaded.found["jacobian"].labels == MethodLabels() and loaded.taught == ()
    save_directions(path, loaded)
    assert torch.equal(load_directions(path).get("jacobian", "abc").axes, AXES[:3])


def test_names_follow_their_axes_to_newer_weights():
    """Reordered, slightly rotated axes keep their names and locks; the labels of a missing axis are dropped."""
    turned = torch.linalg.qr(AXES[[2, 0, 5]].T + 0.02).Q.T
    turned *= torch.sign((turned * AXES[[2, 0, 5]]).sum(1))[:, None]
    labels = MethodLabels(names={0: "smile", 1: "gone", 2: "light"}, locked=(1, 2), order=(2, 0, 1))
    kept = DirectionsFile({"sefa": some(labels=labels)})
    new = kept.with_found("sefa", some(turned).directions, "newer").found["sefa"]
    assert (new.generator, new.labels) == ("newer", MethodLabels(names={1: "smile", 0: "light"}, locked=(0,)))


def test_invalid_files_are_refused(tmp_path):
    """A truncated file, a foreign one, axes of norm 2, a newer version and invalid headers raise CheckpointError."""
    path = tmp_path / "directions.safetensors"
    save_directions(path, DirectionsFile({"jacobian": some()}))
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(CheckpointError):
        load_directions(path)
    save_file({"axes": AXES.contiguous()}, path)
    with pytest.raises(CheckpointError):
        load_directions(path)
    save_directions(path, DirectionsFile({"jacobian": some(2 * AXES[:3])}))
    with pytest.raises(CheckpointError, match="orthonormal"):
        load_directions(path)
    write_tensors(path, {"a": AXES}, "directions", {"version": 3, "methods": {}, "taught": []})
    with pytest.raises(CheckpointError, match="newer"):
        load_directions(path)
    write_tensors(path, {"a": AXES}, "directions", {"version": 2, "methods": {"sefa": {}}, "taught": []})
    with pytest.raises(CheckpointError, match="does not hold"):
        load_directions(path)
    write_tensors(path, {"a": AXES}, "directions", {"version": 2, "methods": {}, "taught": [{"name": 5}]})
    with pytest.raises(CheckpointError, match="name must be text"):
        load_directions(path)
