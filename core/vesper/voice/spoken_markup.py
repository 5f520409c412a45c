"""Structure made for the eye, taken out of what is said: Markdown, HTML, links, code, tables, emojis.

Pure text in, text out. Every pattern is linear in the length of the text: answers come from language models too.
"""

from __future__ import annotations

import html
import re

_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_IMAGE_OR_LINK = re.compile(
    r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?[^()\n]{0,200}\)"
)
_REFERENCE = re.compile(r"\[([^\[\]\n]{1,300})\]\[[^\[\]\n]{0,100}\]")
_FOOTNOTE = re.compile(r"\[\^?\d{1,3}\]")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>|<!--.{0,2000}?-->", re.DOTALL)
_STRUCK = re.compile(r"~~[^~\n]{1,500}~~")
_CODE = re.compile(r"(`{1,2})([^`\n]{1,500})\1")
_STRONG = re.compile(r"(?<![\w*])(\*{1,3})(?=[^\s*])([^*\n]{1,1000}?)(?<=\S)\1(?![\w*])")
_UNDERLINED = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])([^\n]{1,1000}?)(?<=[^\s_])\1(?!\w)")
_RULE = re.compile(r"[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t:|-]*-{2,}[ \t:|-]*\|?[ \t]*")
_LINE_START = re.compile(
    r"[ \t]*(?:>[ \t]*)*(?:(#{1,6})[ \t]+|([-*+•])[ \t]+(?:\[[ xX]\][ \t]+)?|(\d{1,3})[.)][ \t]+)?"
)
_SMILEY = re.compile(r"(?<!\S)[:;]-?[)(DP](?!\S)")
_EMOJI = re.compile(
    "["
    "\U0001f000-\U0001faff"  # pictographs, flags, skin tones
    "\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff"  # clocks, shapes, weather, dingbats, stars
    "\ufe00-\ufe0f\u200b-\u200f\u2060\u20e3\ufeff"  # how the others are joined and shown
    "\U000e0020-\U000e007f]+"
)


def without_markup(text: str, *, code: str) -> str:
    """The words of a text that was written to be shown; `code` is said in place of a block of code."""
    text = _THINKING.sub(" ", text)
    text = _FENCE.sub(f" {code} ", text)
    text = _IMAGE_OR_LINK.sub(r"\1", text)
    text = _REFERENCE.sub(r"\1", text)
    text = _FOOTNOTE.sub("", text)
    text = _SMILEY.sub("", _TAG.sub(" ", text))
    text = "\n".join(_line(line) for line in text.splitlines())
    text = _STRUCK.sub(" ", text)
    text = _CODE.sub(r"\2", text)
    text = _UNDERLINED.sub(r"\2", _STRONG.sub(r"\2", text))
    return _EMOJI.sub(" ", html.unescape(text))


def _line(line: str) -> str:
    """One line without what marks it; headings, list items and table rows end like sentences."""
    if _RULE.fullmatch(line) or ("|" in line and _TABLE_RULE.fullmatch(line)):
        return ""
    if line.strip().startswith("|"):
        return _sentence(", ".join(cell.strip() for cell in line.strip().strip("|").split("|") if cell.strip()))
    start = _LINE_START.match(line)
    assert start is not None  # every part of it may be empty
    heading, bullet, number = start.groups()
    rest = line[start.end() :]
    if heading:
        return _sentence(rest.rstrip("# \t"))
    if bullet or number:
        return _sentence(f"{number}: {rest}" if number else rest)
    return rest


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".,;:!?" else f"{text}."
