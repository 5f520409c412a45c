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
    ("vesper/base/language.py", ("load_language",), "a language pack is read once, at start"),
    ("vesper_desktop/theme.py", ("_bundled_text", "_icon_folder"), "colours and drawings, a kilobyte each, read once"),
    ("vesper_desktop/session_bus.py", ("session_bus",), "looks once whether the bus's socket is there"),
    ("vesper_desktop/login_start.py", ("switch",), "one short file, when the user asks for it"),
    ("logging/__init__.py", ("handle", "emit", "acquire"), "one short line into a buffered local file"),
    ("logging/handlers.py", ("emit",), "one short line into a buffered local file"),
    ("importlib/_bootstrap_external.py", ("get_data", "get_code", "path_stats"), "imports happen once"),
    ("<frozen importlib._bootstrap_external>", ("get_data", "get_code", "path_stats"), "imports happen once"),
    ("shibokensupport/signature/loader.py", ("feature_imported",), "Qt's hook into every import, also late ones"),
    ("<frozen importlib._bootstrap>", ("_find_and_load", "acquire"), "imports happen once"),
)


def loop_watch() -> BlockBuster:
    """A watch over blocking calls made on a running loop by `vesper.*`; activate and deactivate it."""
    watch = BlockBuster("vesper")
    for function in watch.functions.values():
        for place, functions, _reason in EXEMPT:
            function.can_block_in(place, functions)
    return watch
