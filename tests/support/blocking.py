"""Makes a call that blocks the event loop fail, when it comes from Vesper's own code.

Each exemption names the place and says why waiting there is right.
"""

from __future__ import annotations

from blockbuster import BlockBuster

EXEMPT: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "vesper/base/settings_file.py",
        ("_read", "_write"),
        "a kilobyte of TOML; a change must be on disk when set returns",
    ),
    ("vesper/base/language.py", ("_read", "_load", "load"), "language packs are read once, at start"),
    ("logging/__init__.py", ("handle", "emit", "acquire"), "one short line into a buffered local file"),
    ("logging/handlers.py", ("emit",), "one short line into a buffered local file"),
    ("importlib/_bootstrap_external.py", ("get_data", "get_code", "path_stats"), "imports happen once"),
    ("<frozen importlib._bootstrap_external>", ("get_data", "get_code", "path_stats"), "imports happen once"),
    ("<frozen importlib._bootstrap>", ("_find_and_load", "acquire"), "imports happen once"),
)


def loop_watch() -> BlockBuster:
    """A watch over blocking calls made on a running loop by `vesper.*`; activate and deactivate it."""
    watch = BlockBuster("vesper")
    for function in watch.functions.values():
        for place, functions, _reason in EXEMPT:
            function.can_block_in(place, functions)
    return watch
