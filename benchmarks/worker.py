"""A process that does what the runner asks: one line of JSON in, one line out.

Each rival has a process of its own, so that no framework's threads, memory or
settings touch another's, and keeps it, so that what it compiled stays compiled.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from .rivals.timing import NotExpressible


class WorkerFailed(RuntimeError):
    """A worker ended or raised; the message has its last words."""


class Worker:
    """The runner's end of the pipe."""

    def __init__(self):
        self.log = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed by `close`)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            cwd=Path(__file__).parents[1],
            env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "2"},
        )

    def call(self, target, **arguments):
        """Call ``module:function`` there and return its dict."""
        self.process.stdin.write(json.dumps([target, arguments]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            self.log.seek(0)
            raise WorkerFailed(f"{target}:\n{self.log.read()[-3000:]}")
        return json.loads(answer)

    def close(self):
        """End the process and wait for it."""
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def serve():
    """Answer requests until the pipe closes."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever a library prints must not end up between the answers
    for line in sys.stdin:
        target, arguments = json.loads(line)
        module, function = target.split(":")
        called = getattr(importlib.import_module(module), function)
        try:
            answer = called(**arguments)
        except NotExpressible as error:
            answer = {"not_expressible": str(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    serve()
