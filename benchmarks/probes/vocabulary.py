"""Texts of a large vocabulary: how long a fit takes, and the memory that it needs."""

import re
from pathlib import Path

import numpy as np

from ..rivals.timing import Stopwatch

N_WORDS, N_STEPS, UNITS = 20_000, 80, 32


def skseq(n_texts):
    """Encode, fit one epoch, predict; seconds of each, and the peak in MiB.

    Each text is of 80 of 20,000 words, its label whether the first of them is one of
    the first half.
    """
    from sklearn.pipeline import make_pipeline

    from skseq import OneHotSequence, StatefulLSTMClassifier

    codes = np.random.default_rng(0).integers(N_WORDS, size=(n_texts, N_STEPS))
    words = np.array([f"word {i}" for i in range(N_WORDS)])
    texts, labels = list(words[codes]), codes[:, 0] < N_WORDS // 2
    model = make_pipeline(
        OneHotSequence(categories=words, sparse_output=True),
        StatefulLSTMClassifier(units=UNITS, epochs=1, random_state=0),
    )
    watch = Stopwatch()
    model.fit(texts, labels)
    seconds = watch.lap()
    model.predict(texts)
    status = Path("/proc/self/status").read_text()
    peak = int(re.search(r"VmHWM:\s+([0-9]+) kB", status)[1]) / 1024
    return {"seconds": seconds, "prediction": watch.lap(), "peak": peak}
