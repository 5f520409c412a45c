"""`python -m vesper`: the same as the `vesper` command."""

from __future__ import annotations

from vesper.cli.main import main

main()
