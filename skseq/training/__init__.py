"""Training: a plan, which is pure, and the compiled run of it.

``plan``, ``schedule``, ``options`` and ``learnt`` are read everywhere and import no
TensorFlow; the first ``fit`` imports the rest.
"""

import os

# TensorFlow logs GPUs that are not there, and programs kept on disk, as errors. What
# really fails is raised; whoever wants its log sets the variable.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
