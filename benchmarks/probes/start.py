"""From the start of a process: a saved model loaded, and one prediction made."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from ..rivals.timing import Stopwatch
from .inference import estimator, rows

_CODE = """
import json, re, sys
from pathlib import Path
import numpy as np
import skseq

skseq.load(sys.argv[1]).predict(np.load(sys.argv[2]))
status = Path("/proc/self/status").read_text()
peak = int(re.search(r"VmHWM:\\s+([0-9]+) kB", status)[1])
print(json.dumps({"peak": peak / 1024, "tensorflow": "tensorflow" in sys.modules}))
"""


def measure():
    """Load and predict; returns seconds, the peak in MiB, and whether TensorFlow came.

    The peak is that of the new program: what ``getrusage`` counts on Linux begins with
    the process that started it.
    """
    import numpy as np

    import skseq

    with tempfile.TemporaryDirectory() as folder:
        model, given = Path(folder, "model.skops"), Path(folder, "x.npy")
        skseq.save(estimator(1, 20), model)
        np.save(given, rows("one row, 20 units"))
        command = [sys.executable, "-c", _CODE, model, given]
        watch = Stopwatch()
        said = subprocess.run(command, check=True, capture_output=True, text=True)
        return {"seconds": watch.lap(), **json.loads(said.stdout)}
