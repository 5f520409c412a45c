"""Every built-in skill is whole: handled, offered, answered, undoable, tested."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from tests.support.conversation import conversation, templates
from vesper.base.language import LanguagePack, load_language
from vesper.base.paths import bundled
from vesper.skills.registry import BUILTIN, problems
from vesper.skills.skill import Skill
from vesper.understanding.intents import IntentMatch, IntentSpec, Risk

HERE = Path(__file__).parent
LANGUAGES = sorted(path.name for path in bundled("resources/languages").iterdir() if path.is_dir())
SKILLS = pytest.mark.parametrize("skill", BUILTIN, ids=lambda skill: skill.name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_skill_lacks_anything_in_any_language(language: str) -> None:
    assert problems(load_language(language)) == []


def test_what_is_missing_is_named() -> None:
    class Kettle(Skill):
        """Hears nothing, handles nothing."""

        name = "kettle"
        intents = (IntentSpec("kettle.boil"),)

    assert problems(LanguagePack("xx", {"tea": {"intents": {}}}), (Kettle,)) == [
        "kettle: no method handles kettle.boil",
        "kettle: nothing can be said for kettle.boil",
        "kettle: kettle.boil has no example",
        "tea: a language file without a skill",
    ]


def test_an_intent_belongs_to_one_skill() -> None:
    names = [spec.name for skill in BUILTIN for spec in skill.intents]

    assert len(names) == len(set(names))


@SKILLS
def test_templates_fill_only_slots_that_the_intent_declares(skill: type[Skill]) -> None:
    declared = {spec.name: set(spec.slots) for spec in skill.intents}
    wrong = {
        (template.intent, slot)
        for template in templates().templates
        if template.intent in declared
        for slot in {*template.kinds, *template.data.slots}
        if not slot.startswith("_") and slot not in declared[template.intent]
    }

    assert wrong == set()


@SKILLS
def test_every_answer_that_is_said_exists_and_every_answer_is_said(skill: type[Skill]) -> None:
    folder = Path(inspect.getfile(skill)).parent
    sources = [path for path in folder.glob("*.py") if path.name.startswith((skill.name, skill.name.rstrip("s")))]
    texts = {
        node.value
        for path in sources
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    patterns = _formatted(sources)
    answers = set(load_language("en").section(skill.name, "answers"))

    said = {
        str(call.args[0].value)
        for path in sources
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "say"
        if call.args and isinstance(call.args[0], ast.Constant)
    }

    assert said - answers == set()
    unsaid = {key for key in answers - texts if not any(key.startswith(a) and key.endswith(b) for a, b in patterns)}
    assert unsaid == set()


@SKILLS
def test_what_changes_something_is_tested_for_undo(skill: type[Skill]) -> None:
    changing = [spec.name for spec in skill.intents if spec.risk is Risk.UNDOABLE]
    source = inspect.getsource(inspect.getmodule(skill) or skill)

    assert not changing or "undo" in source


@SKILLS
def test_every_skill_has_a_unit_test(skill: type[Skill]) -> None:
    name = Path(inspect.getfile(skill)).stem
    assert list(HERE.rglob(f"test_{name}*.py"))


async def test_an_intent_without_a_skill_is_answered_honestly() -> None:
    async with conversation() as talk:
        reply = await talk.responder._registry.run(IntentMatch("joke"))  # pyright: ignore[reportPrivateUsage]

    assert (reply.is_ok, reply.text) == (False, "I understand what you mean, but I can't do that yet.")


def _formatted(sources: list[Path]) -> set[tuple[str, str]]:
    """The fixed beginning and end of keys that are put together ("volume_{end}")."""
    found: set[tuple[str, str]] = set()
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) and len(node.values) > 1:
                ends = [
                    part.value if isinstance(part, ast.Constant) else "" for part in (node.values[0], node.values[-1])
                ]
                if any("_" in str(end) for end in ends):
                    found.add((str(ends[0]), str(ends[1])))
    return found
