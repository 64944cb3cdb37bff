"""How a fit runs: in chunks, interrupted, watched, side by side with others."""

import logging
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections import OrderedDict
from types import SimpleNamespace

import keras
import numpy as np
import pytest
import tensorflow as tf
from sklearn.model_selection import GridSearchCV
from tensorflow.python.framework import config as framework

from skseq import StatefulLSTMClassifier
from skseq.exceptions import DivergenceWarning
from skseq.training import programs, trainer
from skseq.training.programs import n_compilations
from skseq.training.trainer import CHUNK_SECONDS
from skseq.training.updates import compiled
from skseq.training.watchers import Progress

# All tests share the programs of these shapes.
N_ROWS, N_STEPS, N_FEATURES = 16, 3, 2


def data(n_rows=N_ROWS, seed=0):
    drawn = np.random.RandomState(seed)
    X = drawn.normal(size=(n_rows, N_STEPS, N_FEATURES))
    return X, drawn.randint(3, size=(n_rows, N_STEPS))


def make(**options):
    fixed = {"units": 3, "batch_size": 4, "learning_rate": 0.01, "random_state": 0}
    return StatefulLSTMClassifier(**{**fixed, "epochs": 6, **options})


def assert_same_weights(a, b):
    for ours, theirs in zip(a.weights_, b.weights_, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_where_an_epoch_is_cut_changes_no_bit(monkeypatch):
    """How much fits into a call depends on the machine's load; results must not."""
    X, y = data()
    whole = make(epochs=3).fit(X, y)
    monkeypatch.setattr(trainer, "CHUNK_SECONDS", 0)
    cut = make(epochs=3).fit(X, y)
    assert cut.loss_curve_ == whole.loss_curve_
    assert_same_weights(cut, whole)


class Recorder(keras.callbacks.Callback):
    """Losses and weights at the end of every epoch, and what was called."""

    def __init__(self):
        super().__init__()
        self.calls, self.losses, self.weights = [], [], []

    def on_train_begin(self, logs=None):
        self.calls.append("begin")

    def on_epoch_begin(self, epoch, logs=None):
        self.calls.append(epoch)

    def on_epoch_end(self, epoch, logs=None):
        self.calls.append(epoch)
        self.losses.append(logs["loss"])
        self.weights.append(self.model.get_weights())

    def on_train_end(self, logs=None):
        self.calls.append("end")


class Interrupt(keras.callbacks.Callback):
    """Ctrl-C at the end of an epoch."""

    def __init__(self, epoch):
        super().__init__()
        self.at = epoch

    def on_epoch_end(self, epoch, logs=None):
        if epoch == self.at:
            signal.raise_signal(signal.SIGINT)


# Chunks


@pytest.fixture(params=["rows", "groups"])
def layout(request):
    """Rows of their own, and rows cut into pieces and joined by groups: there
    the state is carried from one chunk into the next."""
    if request.param == "rows":
        return {}, {}
    groups = {"groups": np.repeat([0, 1], N_ROWS // 2)}
    return {"truncated_bptt_steps": 2}, groups


@pytest.mark.parametrize("shuffle", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_chunks_do_not_change_results(layout, shuffle, monkeypatch):
    options, metadata = layout
    options = {**options, "shuffle": shuffle, "epochs": 7}
    whole = make(**options).fit(*data(), **metadata)
    cuts = {"batch by batch": lambda self: 1}
    drawn = np.random.RandomState(0)
    cuts["at random"] = lambda self: int(drawn.randint(1, 20))
    for batches in cuts.values():
        monkeypatch.setattr(trainer._Pace, "batches", batches)
        cut = make(**options).fit(*data(), **metadata)
        assert_same_weights(cut, whole)
        np.testing.assert_allclose(cut.loss_curve_, whole.loss_curve_, rtol=1e-6)
        assert cut.n_iter_ == 7


def test_a_chunk_takes_about_its_time(monkeypatch):
    chunks, times = [], []

    def stop(self, chunk):
        chunks.append(chunk.epochs)
        times.append(time.perf_counter())
        return times[-1] - times[0] > 1.5

    monkeypatch.setattr(Progress, "stop", stop)
    est = make(epochs=10**9, shuffle=False, verbose=1).fit(*data())
    assert est.n_iter_ == chunks[-1] == len(est.loss_curve_)
    # As long as a call may take, or as many epochs as it can hold.
    assert 2 <= len(chunks) < 5 + 2 * (1.5 / CHUNK_SECONDS + chunks[-1] / 4096)


def test_more_epochs_than_a_call_can_hold():
    n_epochs = programs.EPOCHS_PER_CALL + 100
    once = make(epochs=n_epochs, shuffle=False).fit(*data())
    assert len(once.loss_curve_) == n_epochs
    twice = make(epochs=n_epochs // 2, shuffle=False, warm_start=True)
    twice.fit(*data()).fit(*data())
    assert_same_weights(once, twice)
    assert once.loss_curve_ == twice.loss_curve_


# Interrupts


@pytest.fixture
def interrupts():
    """A shell that starts tests in the background has them ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupts")
def test_an_interrupted_fit_is_the_fit_so_far():
    message = (
        "Training interrupted after 3 complete epochs; StatefulLSTMClassifier keeps "
        "the weights that it had then."
    )
    est = make(callbacks=[Interrupt(2)])
    with pytest.warns(UserWarning, match=f"^{re.escape(message)}$"):
        est.fit(*data())
    short = make(epochs=3).fit(*data())
    assert_same_weights(est, short)
    assert est.loss_curve_ == short.loss_curve_
    assert est.n_iter_ == 3
    np.testing.assert_array_equal(est.predict(data()[0]), short.predict(data()[0]))
    est.set_params(callbacks=None).partial_fit(*data())
    assert_same_weights(est, short.partial_fit(*data()))


@pytest.mark.usefixtures("interrupts")
def test_ctrl_c_during_the_compiled_run(monkeypatch):
    est = make(epochs=10**8, shuffle=False)
    timer = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    took, started = trainer._Pace.took, time.perf_counter()

    def then_interrupt(self, *args):
        # Once a chunk has been run, however long it took to compile.
        took(self, *args)
        if not timer.is_alive():
            timer.start()
            monkeypatch.undo()

    monkeypatch.setattr(trainer._Pace, "took", then_interrupt)
    try:
        with pytest.warns(UserWarning, match="Training interrupted after"):
            est.fit(*data())
    except KeyboardInterrupt:
        pytest.fail("the interrupt went through fit")
    assert time.perf_counter() - started < 60
    assert est.n_iter_ == len(est.loss_curve_) > 0
    assert est.predict(data()[0]).shape == (N_ROWS, N_STEPS)
    assert all(type(weight) is np.ndarray for weight in est.weights_)


# Programs


@pytest.mark.parametrize("n_rows", [pytest.param(30, marks=pytest.mark.slow), 31])
def test_a_search_over_numbers_compiles_one_program(n_rows):
    before = n_compilations()
    grid = {"learning_rate": [1e-3, 0.1], "epochs": [1, 3], "random_state": [0, 1]}
    GridSearchCV(make(batch_size=5), grid, cv=3).fit(*data(n_rows))
    training, predicting = 1, 1
    if n_rows % 3:
        # A last batch that is not full makes a program of its own.
        training += 1
    assert n_compilations() - before <= training + predicting


XLA = """
import glob, sys
import numpy as np
from skseq import StatefulLSTMClassifier
from skseq.training import trainer
from skseq.training.programs import n_compilations

folder = sys.argv[1]
rng = np.random.RandomState(0)
X, y = rng.normal(size=(32, 3, 2)), rng.randint(2, size=(32, 3))
groups = np.repeat([0, 1], 16)

def fit(n, epochs, rate, seed, **metadata):
    options = {"units": 2, "batch_size": 4, "truncated_bptt_steps": 2}
    est = StatefulLSTMClassifier(
        epochs=epochs, learning_rate=rate, random_state=seed, **options
    )
    metadata = {k: v[:n] for k, v in metadata.items()}
    return est.fit(X[:n], y[:n], **metadata)

est = fit(32, 1, 0.1, 0)
fit(20, 3, 0.2, 1)
fit(32, 3, 0.2, 1, groups=groups)
fit(32, 2, 0.2, 1, sample_weight=rng.uniform(1, 2, 32))
trainer.CHUNK_SECONDS = 0
fit(28, 4, 0.3, 2)
for n in (1, 20, 32):
    est.predict(X[:n])
stream = est.stream()
for x in X[0]:
    stream.step(x)
modules = glob.glob(f"{folder}/*a_inference_program*.before_optimizations.txt")
print("xla", len(modules), "programs", n_compilations())
"""


@pytest.mark.slow
def test_xla_compiles_no_more_than_is_traced(tmp_path):
    """A number that XLA takes for a constant would be compiled for each of its
    values, without a word."""
    flags = f"--xla_dump_to={tmp_path} --xla_dump_hlo_as_text"
    # Without the programs that the tests keep: what is not compiled is not counted.
    run = subprocess.run(
        [sys.executable, "-c", XLA, str(tmp_path)],
        env={**os.environ, "XLA_FLAGS": flags, "TF_XLA_FLAGS": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    # Training without weights, and with; nothing that predicts is compiled.
    assert run.stdout == "xla 2 programs 2\n"


def test_many_programs_are_no_reason_for_a_warning():
    heard = []
    handler = logging.Handler()
    handler.emit = lambda record: heard.append("retracing" in record.getMessage())
    logging.getLogger("tensorflow").addHandler(handler)

    def warned(make):
        heard.clear()
        for _ in range(6):
            make(lambda x: x + 1)(tf.constant(1.0))
        return any(heard)

    try:
        assert warned(tf.function)
        assert not warned(lambda function: programs.Program(compiled(function), ()))
    finally:
        logging.getLogger("tensorflow").removeHandler(handler)


def test_programs_no_longer_kept_are_counted_still(monkeypatch):
    monkeypatch.setattr(programs, "_PROGRAMS", OrderedDict())
    monkeypatch.setattr(programs, "_RETIRED", [0])
    monkeypatch.setattr(programs, "MAX_PROGRAMS", 2)

    def compiled(times, key):
        return SimpleNamespace(n_compilations=times)

    monkeypatch.setattr(programs, "Program", compiled)
    first = programs._kept(("a",), lambda: 1)
    programs._kept(("b",), lambda: 2)
    # The least recently used one goes, not the oldest.
    assert programs._kept(("a",), lambda: 9) is first
    programs._kept(("c",), lambda: 4)
    assert list(programs._PROGRAMS) == [("a",), ("c",)]
    assert n_compilations() == 7


# Divergence


def test_divergence_is_told_with_its_epoch_and_predicting_is_refused():
    est = make(learning_rate=3e38, epochs=20)
    with pytest.warns(DivergenceWarning) as caught:
        est.fit(*data())
    bad = np.flatnonzero(~np.isfinite(est.loss_curve_))
    epoch = (bad[0] if len(bad) else len(est.loss_curve_) - 1) + 1
    message = (
        f"Training of StatefulLSTMClassifier diverged in epoch {epoch}: loss or "
        "weights are no longer finite. Lower learning_rate=3e+38, set "
        "global_clipnorm, or scale X."
    )
    assert [str(warning.message) for warning in caught] == [message]
    for predict in (est.predict, est.predict_proba):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            predict(data()[0])
    # A new fit starts over, and is whole again.
    est.set_params(learning_rate=0.01, epochs=6).fit(*data())
    assert_same_weights(est, make().fit(*data()))
    est.predict(data()[0])


# Watchers


def test_the_progress_bar_shows_epochs_loss_and_time_left(capsys, monkeypatch):
    # A quick machine's many digits would not fit into a narrow terminal.
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("LINES", "50")
    est = make(verbose=1, epochs=50).fit(*data())
    bar = capsys.readouterr().err.split("\r")[-1]
    assert re.match(
        rf"StatefulLSTMClassifier: 100%.* 50/50 \[\d+:\d+<\d+:\d+, .*epoch/s, "
        rf"loss={est.loss_curve_[-1]:.4g}\]",
        bar,
    )


def test_nothing_is_printed_unless_asked_for(capsys):
    make().fit(*data())
    assert capsys.readouterr() == ("", "")


def test_the_progress_bar_costs_less_than_2_percent(monkeypatch):
    spent, times = [], []
    draw = Progress.stop

    def timed(self, chunk):
        started = time.thread_time()
        draw(self, chunk)
        spent.append(time.thread_time() - started)
        times.append(time.perf_counter())
        return times[-1] - times[0] > 1.5

    monkeypatch.setattr(Progress, "stop", timed)
    make(verbose=1, epochs=10**8, shuffle=False).fit(*data())
    # The first chunk may hold the compilation: it does not count.
    assert sum(spent[1:]) < 0.02 * (times[-1] - times[0])


def test_early_stopping_keeps_the_best_weights():
    options = {"early_stopping": True, "validation_fraction": 0.25}
    rule = {"n_iter_no_change": 4, "tol": 0.01}
    est = make(**options, **rule, epochs=200, learning_rate=0.1).fit(*data())
    scores = est.validation_scores_
    assert len(scores) == est.n_iter_ == len(est.loss_curve_) < 200
    assert est.best_validation_score_ == max(scores)
    # It stops at the first epoch that ends 4 without growth by 0.01.
    best, waited, ends = -np.inf, 0, []
    for score in scores:
        waited = 0 if score > best + rule["tol"] else waited + 1
        best = max(best, score)
        ends.append(waited >= 4)
    assert ends == [False] * (len(scores) - 1) + [True]
    # The weights are those of the best epoch, of equal ones the last.
    until = len(scores) - int(np.argmax(scores[::-1]))
    assert scores.count(max(scores)) > 1
    best = make(**options, epochs=until, learning_rate=0.1).fit(*data())
    assert best.n_iter_ == until
    assert_same_weights(est, best)


def test_keras_callbacks_see_every_epoch():
    recorder = Recorder()
    est = make(callbacks=[recorder], epochs=3).fit(*data())
    assert recorder.calls == ["begin", 0, 0, 1, 1, 2, 2, "end"]
    assert recorder.losses == est.loss_curve_
    for n_epochs, weights in enumerate(recorder.weights, start=1):
        seen = SimpleNamespace(weights_=weights)
        assert_same_weights(make(epochs=n_epochs).fit(*data()), seen)


def test_keras_early_stopping_restores_the_best_weights():
    stopping = keras.callbacks.EarlyStopping(
        monitor="loss", patience=3, restore_best_weights=True
    )
    recorder = Recorder()
    est = make(callbacks=[stopping, recorder], epochs=500, learning_rate=0.5)
    est.fit(*data())
    best = int(np.argmin(est.loss_curve_))
    assert est.n_iter_ == best + 1 + 3 < 500
    assert_same_weights(est, SimpleNamespace(weights_=recorder.weights[best]))


def test_callbacks_change_no_result():
    watched = make(callbacks=[Recorder()], verbose=1).fit(*data())
    alone = make().fit(*data())
    assert_same_weights(watched, alone)
    assert watched.loss_curve_ == alone.loss_curve_


# Beside others


def test_fits_in_threads_equal_fits_alone():
    # Two of a program that is new, and two of one that there is.
    jobs = [{"units": 2}, {"units": 2, "random_state": 1}, {}, {"random_state": 1}]
    made = [make(**job, epochs=200) for job in jobs]
    gate = threading.Barrier(len(jobs))

    def run(est):
        gate.wait()
        est.fit(*data())

    threads = [threading.Thread(target=run, args=(est,)) for est in made]
    before = n_compilations()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert n_compilations() - before <= 2
    for est, job in zip(made, jobs, strict=True):
        assert_same_weights(est, make(**job, epochs=200).fit(*data()))


def drawn():
    """A number from every global generator there is."""
    return (
        random.random(),
        np.random.random_sample(),  # noqa: NPY002
        float(tf.random.uniform(())),
        float(keras.random.uniform(())),
    )


def configuration():
    """Global settings that a library might be tempted to change."""
    return {
        "environment": dict(os.environ),
        "directory": os.getcwd(),
        "files": sorted(os.listdir()),
        "filters": list(warnings.filters),
        "numpy": (np.geterr(), np.get_printoptions()),
        "keras": (keras.config.floatx(), keras.config.epsilon()),
        "policy": keras.config.dtype_policy().name,
        "tracebacks": keras.config.is_traceback_filtering_enabled(),
        "eager": tf.config.functions_run_eagerly(),
        "deterministic": framework.is_op_determinism_enabled(),
        "jit": tf.config.optimizer.get_jit(),
        "threads": (
            tf.config.threading.get_intra_op_parallelism_threads(),
            tf.config.threading.get_inter_op_parallelism_threads(),
        ),
        "logging": logging.getLogger("tensorflow").level,
    }


def test_a_fit_leaves_every_global_seed_and_setting_as_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    keras.utils.set_random_seed(0)
    expected = drawn()
    keras.utils.set_random_seed(0)
    before = configuration()
    est = make(early_stopping=True, validation_fraction=0.25).fit(*data())
    est.model_.predict(data()[0], verbose=0)
    est.predict(data()[0])
    assert configuration() == before
    assert drawn() == expected


def test_global_seeds_change_no_fit():
    fits = []
    for seed in (0, 1):
        keras.utils.set_random_seed(seed)
        fits.append(make().fit(*data()))
    assert_same_weights(*fits)
