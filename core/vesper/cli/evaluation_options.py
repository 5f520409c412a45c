"""Options that several `vesper eval …` commands share, and how their values are read."""

from __future__ import annotations

from pathlib import Path

import click

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
MANIFESTS = click.argument(
    "manifests", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
SEED = click.option("--seed", default=0, show_default=True, help="Another seed draws and mixes otherwise.")
NOISE = click.option(
    "--noise", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A manifest of noises."
)
SNR = click.option("--snr", "snr_db", multiple=True, help="Decibels to mix the noise in at.")


def decibels(value: str) -> str:
    """The value as it was given: it becomes a key of the result. Raises UsageError where it is no number."""
    try:
        float(value)
    except ValueError:
        raise click.UsageError(f'"{value}" is no number of decibels.') from None
    return value


def need_each_other(noise: Path | None, snr_db: tuple[str, ...]) -> None:
    """Raise UsageError where there is noise without a ratio, or a ratio without noise."""
    if bool(noise) != bool(snr_db):
        raise click.UsageError("--noise and --snr need each other.")
