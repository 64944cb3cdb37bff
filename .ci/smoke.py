"""Use an installed skseq for a little of everything, without its clone.

    python -IS smoke.py FOLDER LIBRARIES SCRATCH

FOLDER is where the package is installed, LIBRARIES are the folders of all others.
"""

import os
import shutil
import sys
from pathlib import Path

package, scratch = Path(sys.argv[1]), Path(sys.argv[3])
sys.path[:0] = [str(package), *sys.argv[2].split(os.pathsep)]
shutil.rmtree(scratch, ignore_errors=True)
scratch.mkdir()
os.chdir(scratch)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import skseq  # noqa: E402
from skseq.command import main  # noqa: E402

assert Path(skseq.__file__).is_relative_to(package), skseq.__file__
assert (package / "skseq" / "py.typed").is_file()


def command(*words):
    """Run the command; stop at whatever fails."""
    try:
        main([str(word) for word in words])
    except SystemExit as stop:
        if stop.code:
            raise


rows = [f"s{i},{k},{i + k / 10},{'ab'[i % 2]}" for i in range(20) for k in range(3)]
Path("own.csv").write_text("\n".join(["sequence,step,value,label", *rows]))
# The data and the schemas came along.
assert len(skseq.datasets.load_milk_production().series) == 168
command("new", "own")

X = [[i / 20, (i + 1) / 20, 1.0] for i in range(20)]
model = skseq.StatefulLSTMClassifier(units=2, epochs=1, random_state=0)
skseq.save(model.fit(X, list("ab" * 10)), "model.skops")
command("describe", "model.skops")
command("predict", "model.skops", "own.csv", "-o", "out.csv")
assert len(Path("out.csv").read_text().splitlines()) == 21
