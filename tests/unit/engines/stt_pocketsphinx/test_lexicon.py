"""Words and graphs as pocketsphinx gets them."""

from __future__ import annotations

from vesper.engines.stt_pocketsphinx.decoder import LEXICON, FaintNoise, model_folder
from vesper.engines.stt_pocketsphinx.graph import decoder_graph, plain_words
from vesper.engines.stt_pocketsphinx.lexicon import pronunciations
from vesper.ports.stt import Grammar, WordGraph

ON_OR_OFF = WordGraph(3, ((0, 1, "turn", 0.0), (1, 2, "on", -0.7), (1, 2, "off", -0.7)), {2: 0.0})


def test_known_words_have_the_pronunciations_of_the_wheels_lexicon() -> None:
    found = pronunciations({"timer", "the"}, model_folder() / LEXICON)
    assert "T AY M ER" in found["timer"].phones
    assert len(found["the"].phones) > 1


def test_a_plural_the_lexicon_lacks_is_made_from_its_word() -> None:
    found = pronunciations({"lisbon's"}, model_folder() / LEXICON)
    assert found["lisbon's"].phones[0].endswith("Z")


def test_the_wake_phrase_may_stand_before_every_sentence() -> None:
    plain = decoder_graph(Grammar("k", "en", ON_OR_OFF), lambda _: True)
    with_phrase = decoder_graph(Grammar("k", "en", ON_OR_OFF, ("okay nabu",)), lambda _: True)
    words = {step[3] for step in with_phrase.transitions if len(step) == 4}
    assert len(with_phrase.transitions) > len(plain.transitions)
    assert {"turn", "on", "off"} < words


def test_a_word_that_cannot_be_heard_is_left_out_of_the_graph() -> None:
    graph = decoder_graph(Grammar("k", "en", ON_OR_OFF), lambda word: word != "off")
    assert "off" not in {step[3] for step in graph.transitions if len(step) == 4}


def test_marks_of_the_decoder_are_no_words() -> None:
    assert plain_words("<sil> turn it(2) [NOISE] on") == ["turn", "it", "on"]


def test_equal_sound_gets_equal_noise_and_silence_is_never_exact() -> None:
    first, second = FaintNoise().alone(), FaintNoise().alone()
    assert first == second
    assert any(first)
