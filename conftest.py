"""What all tests and examples share."""

import os
from pathlib import Path

from hypothesis import settings

from skseq.programs_on_disk import keep_programs

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# Most of the time of the tests went into compiling the same few hundred programs.
keep_programs(Path(__file__).parent / ".pytest_cache" / "programs")
# How long an example takes says nothing where other processes take the cores.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")
