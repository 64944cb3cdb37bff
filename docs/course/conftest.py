"""Load the answers that are checked: answers.py beside this, or `--answers FILE`."""

import importlib.util
from pathlib import Path

import pytest

# Lessons are run by the documentation's build; here they are only read.
collect_ignore_glob = ["lesson_*.py", "answers.py"]


def pytest_addoption(parser):
    parser.addoption("--answers", help="file with the answers to check")


@pytest.fixture
def answers(pytestconfig):
    beside = Path(__file__).with_name("answers.py")
    path = Path(pytestconfig.getoption("--answers", beside))
    spec = importlib.util.spec_from_file_location("answers", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
