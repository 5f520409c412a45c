"""What is made before the first start and comes with Vesper: `python -m vesper.ready_made` (done by `setup`).

The word graph of all sentences, and what the engines compile from it. A changed one is made again in the background
and kept in the user's cache, so all of this may be missing: Vesper then takes some seconds longer to hear everything.
"""

from __future__ import annotations

from dataclasses import replace

from vesper.base.paths import bundled
from vesper.base.settings import Settings
from vesper.engines import ENGINES
from vesper.understanding.grammar import build_grammar, write_graph
from vesper.understanding.templates import SentenceTemplates
from vesper.worker.messages import load_class


def make(language: str = "en") -> None:
    """Make it and lay it where it is packaged from. Raises OSError."""
    folder = bundled("resources/graphs")
    grammar = build_grammar(SentenceTemplates(language), Settings().wake.phrases)
    write_graph(grammar, folder)
    for spec in ENGINES:
        if spec.role == "gate":
            gatekeeper = load_class(spec.target)()
            gatekeeper.open()
            gatekeeper.load(replace(grammar, cache=str(folder)))
            gatekeeper.close()


if __name__ == "__main__":
    make()
