"""What is written, and what is said for it."""

from __future__ import annotations

import pytest

from vesper.base.language import LanguagePack, load_language
from vesper.voice.spoken_text import SpokenText

ENGLISH = SpokenText(load_language("en"))

MARKUP = [
    ("**Bold** and *slanted* and __strong__ and _soft_.", "Bold and slanted and strong and soft."),
    ("Use snake_case here", "Use snake case here"),
    ("See [the manual](https://example.org/a_(b)) now", "See the manual now"),
    ("![a cat](cat.png) sleeps", "a cat sleeps"),
    ("Run `make test` first", "Run make test first"),
    ("~~Monday~~ Tuesday", "Tuesday"),
    ("# Weather\nSunny.", "Weather. Sunny."),
    ("- milk\n- bread", "milk. bread."),
    ("1. Boil water\n2. Add tea", "1: Boil water. 2: Add tea."),
    ("| day | rain |\n|-----|------|\n| Mon | none |", "day, rain. Mon, none."),
    ("> quoted\n\n---\nplain", "quoted. plain"),
    ("Here:\n```python\nprint(1)\n```", "Here: The code is on the screen."),
    ("<think>let me see</think>Yes.", "Yes."),
    ("<b>Fish</b> &amp; chips", "Fish and chips"),
    ("It rains[2]", "It rains"),
    ("Well done 🎉👍🏽! :-)", "Well done!"),
    ("Wait… what", "Wait. what"),
    ("Yes — really", "Yes, really"),
]
ADDRESSES = [
    ("Read https://www.example.com/path?x=1.", "Read example dot com."),
    ("Mail jo.smith@example.com today", "Mail jo dot smith at example dot com today"),
    ("Call +44 20 7946 0958", "Call plus 4 4, 2 0, 7 9 4 6, 0 9 5 8"),
    ("Call (555) 123-4567.", "Call 5 5 5, 1 2 3, 4 5 6 7."),
    ("Call 555-1234", "Call 5 5 5, 1 2 3 4"),
    ("192.168.0.1", "192 dot 168 dot 0 dot 1"),
]
TIMES = [
    ("It is 14:05.", "It is 14 oh 5."),
    ("at 9:30", "at 9 30"),
    ("at 9:00", "at 9 o'clock"),
    ("at 17:00", "at 17 hundred"),
    ("at 00:00", "at midnight"),
    ("2:05 pm", "2 oh 5 P M"),
    ("by 5 p.m.", "by 5 P M"),
    ("It is 2:05 p.m.", "It is 2 oh 5 P M."),
    ("12:30:15", "12 30 and 15 seconds"),
    ("a ratio of 25:70", "a ratio of 25:70"),
    ("2026-03-05", "March 5th, 20 26"),
    ("24.12.1984", "December 24th, 19 84"),
    ("12/25/2009", "December 25th, 2009"),
    ("25/12/1905", "December 25th, 19 oh 5"),
    ("3/4/2026", "3, 4, 20 26"),
    ("March 5, 1900", "March 5, 19 hundred"),
    ("2026-13-45", "2026-13-45"),
]
QUANTITIES = [
    ("$5", "5 dollars"),
    ("$1", "1 dollar"),
    ("$3.50", "3 dollars and 50 cents"),
    ("£0.99", "99 pence"),
    ("€1,200", "1200 euros"),
    ("5 €", "5 euros"),
    ("US$2.5bn", "2.5 billion dollars"),
    ("3.5 %", "3.5 percent"),
    ("5 km/h", "5 kilometres per hour"),
    ("1 km", "1 kilometre"),
    ("20 °C", "20 degrees Celsius"),
    ("70°F", "70 degrees Fahrenheit"),
    ("-5°", "minus 5 degrees"),
    ("50 m²", "50 square metres"),
    ("the 80s on 5G", "the 80s on 5G"),
    ("5-10 minutes", "5 to 10 minutes"),
    ("40–60 %", "40 to 60 percent"),
    ("2 1/2 cups", "2 and a half cups"),
    ("¾ full", "three quarters full"),
    ("1,234,567 people", "1234567 people"),
    ("code 1234567890", "code 1 2 3 4 5 6 7 8 9 0"),
    ("agent 007", "agent 0 0 7"),
    ("3.14 and 42", "3.14 and 42"),
    ("2 * 3 = 6", "2 times 3 equals 6"),
    ("3 + 4 - 2", "3 plus 4 minus 2"),
    ("about ~5, #12", "about about 5, number 12"),
]
SHORT_FORMS = [
    ("Dr. Smith", "Doctor Smith"),
    ("tea, e.g. green", "tea, for example green"),
    ("and so on, etc.", "and so on, et cetera."),
    ("a USB stick, two PDFs", "a U S B stick, two P D Fs"),
    ("NASA says OK", "nasa says okay"),
    ("STOP now", "stop now"),
    ("I am A. B.", "I am A. B."),
]


@pytest.mark.parametrize(("written", "said"), [*MARKUP, *ADDRESSES, *TIMES, *QUANTITIES, *SHORT_FORMS])
def test_what_is_written_is_said_like_this(written: str, said: str) -> None:
    assert ENGLISH.of(written) == said


@pytest.mark.parametrize(
    "sentence",
    [
        "Your timer is set for 5 minutes.",
        "It's sunny in London, isn't it?",
        "I don't know; ask me something else!",
        "The second one is Anna's.",
        "Version 3.5 of it",
    ],
)
def test_plain_sentences_stay_as_they_are(sentence: str) -> None:
    assert ENGLISH.of(sentence) == sentence


@pytest.mark.parametrize("text", ["", "   ", "!!!", "🎉", "---", "```", "**", "\x00\x07", "|---|"])
def test_what_holds_no_words_is_not_said(text: str) -> None:
    assert ENGLISH.of(text) in {"", "The code is on the screen."}


def test_a_language_without_words_of_its_own_still_loses_its_markup() -> None:
    bare = SpokenText(LanguagePack("xx", {}))
    assert bare.of("**Tuli** [linkki](https://a.example) 🎉 14:05 $5 5 km +358 40 123 4567") != ""
    assert "**" not in bare.of("**Tuli**")
