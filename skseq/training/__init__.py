"""Training: a plan, which is pure, and the compiled run of it.

``plan``, ``schedule``, ``options`` and ``learnt`` are read everywhere and import no
TensorFlow; the first ``fit`` imports the rest.
"""

import os

# TensorFlow greets with ten lines about GPUs that are not there; whoever wants them
# sets the variable.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
