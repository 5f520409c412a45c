"""The catalogue of models and the check of their files."""

from __future__ import annotations

import hashlib

import pytest

from vesper.base.errors import BadInput
from vesper.model_store.catalog import Catalog, ModelEntry, verify

WHOLE = hashlib.sha256(b"weights").hexdigest()


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An installed package that carries one model file."""
    folder = tmp_path / "made_up_models"
    folder.mkdir()
    (folder / "__init__.py").write_text("raise AssertionError('a package is found without importing it')")
    (folder / "net.bin").write_bytes(b"weights")
    monkeypatch.syspath_prepend(tmp_path)
    return folder


def entry(**files: tuple[str, ...]) -> ModelEntry:
    named = {name.replace("_", "."): digests for name, digests in files.items()}
    return ModelEntry("id", "wake", "Title", "made_up_models", "MIT", "someone", (), 1, named)


def test_a_file_with_its_digest_is_whole(package):
    assert verify(entry(net_bin=(WHOLE,))).state == "ok"


def test_any_of_several_digests_will_do(package):
    assert verify(entry(net_bin=("0" * 64, WHOLE))).state == "ok"


def test_a_changed_file_is_damaged_and_named(package):
    (package / "net.bin").write_bytes(b"weightz")
    found = verify(entry(net_bin=(WHOLE,)))
    assert (found.state, found.files) == ("damaged", ("net.bin",))


def test_a_file_that_is_not_there_is_missing(package):
    found = verify(entry(net_bin=(WHOLE,), other_bin=(WHOLE,)))
    assert (found.state, found.files) == ("missing", ("other.bin",))


def test_a_package_that_is_not_installed_misses_all_its_files():
    found = verify(entry(net_bin=(WHOLE,)))
    assert (found.state, found.files) == ("missing", ("net.bin",))


def test_the_bundled_catalogue_names_what_the_voice_turn_needs():
    catalog = Catalog.load()
    assert {"wake", "activity", "stt"} <= {entry.role for entry in catalog.entries}
    assert len({entry.id for entry in catalog.entries}) == len(catalog.entries)
    assert all(entry.licence and entry.source and entry.files for entry in catalog.entries)


def test_every_model_inside_the_dependencies_is_whole():
    assert {found.entry.id: found.state for found in Catalog.load().verify()} == {
        entry.id: "ok" for entry in Catalog.load().entries
    }


@pytest.mark.parametrize("text", ["", "[[model]]\nid = 1", "no toml"])
def test_a_broken_catalogue_is_told_calmly(tmp_path, text):
    (tmp_path / "catalog.toml").write_text(text)
    with pytest.raises(BadInput) as refused:
        Catalog.load(tmp_path / "catalog.toml")
    assert refused.value.code == "catalog.unreadable"
