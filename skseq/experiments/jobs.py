"""How a process of the pipeline starts: output in its log, on a single thread."""

from __future__ import annotations

import atexit
import os
import sys
import time

from skseq.programs_on_disk import keep_programs

# One thread each: sums are then added up in one order, and jobs that run side by side
# do not fight for the cores.
_SINGLE_THREADED = {
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}
_PROGRAMS = ".snakemake/programs"


def start(log: str) -> None:
    """Send all output of this process to `log` and keep it to one thread.

    To be called before anything heavy is imported, so that a failing import is in the
    log too. Output is redirected below Python, where compiled libraries write as well.

    Parameters
    ----------
    log : str
        The log file, made anew. Its last line says what the process cost.
    """
    os.environ.update(_SINGLE_THREADED)
    sys.stdout.flush()
    sys.stderr.flush()
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    os.dup2(descriptor, sys.stdout.fileno())
    os.dup2(descriptor, sys.stderr.fileno())
    os.close(descriptor)
    # All steps of a problem run the same programs.
    keep_programs(_PROGRAMS)
    atexit.register(_account)


def _account() -> None:
    """Say what this process cost: importing TensorFlow takes longer than most work."""
    imported = "yes" if "tensorflow" in sys.modules else "no"
    print(f"{time.process_time():.2f} s of processor time, TensorFlow: {imported}")
