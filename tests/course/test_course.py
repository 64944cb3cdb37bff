"""The course's checks take right answers, and no wrong ones; students see which."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COURSE = ROOT / "docs" / "course"
LESSONS = sorted(path.stem for path in COURSE.glob("lesson_*.py"))


def module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


CHECKS = module(COURSE / "test_answers.py")
SOLUTIONS, MISTAKES, TASKS = (
    module(path)
    for path in (
        Path(__file__).with_name("solutions.py"),
        Path(__file__).with_name("mistakes.py"),
        COURSE / "answers.py",
    )
)
# Of the last lesson there are several.
CASES = next(iter(CHECKS.test_lesson_6_not_learnt.pytestmark)).args[1]


def check(lesson, answers):
    cases = CASES if lesson == "lesson_6_not_learnt" else [()]
    for case in cases:
        getattr(CHECKS, f"test_{lesson}")(answers, *case)


def test_every_lesson_has_a_task_and_a_check():
    assert len(LESSONS) == 6
    checks = [name.removeprefix("test_") for name in vars(CHECKS) if "test_" in name]
    assert checks == LESSONS
    for lesson in LESSONS:
        assert callable(getattr(TASKS, lesson))
        assert f"``{lesson}(" in (COURSE / f"{lesson}.py").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("lesson", LESSONS)
def test_solution_passes(lesson):
    check(lesson, SOLUTIONS)


@pytest.mark.parametrize("lesson", LESSONS)
def test_mistake_fails(lesson):
    with pytest.raises(AssertionError):
        check(lesson, MISTAKES)


def test_what_is_not_answered_fails_and_says_so(tmp_path):
    answers = tmp_path / "mine.py"
    solved = (Path(__file__).with_name("solutions.py")).read_text()
    start, end = solved.index("def lesson_3"), solved.index("def lesson_5")
    answers.write_text(solved[:start] + solved[end:])
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q"]
    done = subprocess.run(
        [*command, COURSE, "--answers", answers, "-k", "not lesson_1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert "lesson_3_echo is not answered yet." in done.stdout
    assert "2 failed, 5 passed, 1 deselected" in done.stdout
