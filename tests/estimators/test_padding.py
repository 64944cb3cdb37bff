"""Padding changes nothing: of any amount, wherever it stands among the steps.

A row is its real steps. Each test pads the same rows in a drawn way and asks for the
same bits of weights, losses, scores and predictions. Padded or not, they share a
compiled program, so a case costs one compilation.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal
from sklearn.base import is_classifier

from skseq import Seq2SeqEcho, StatefulLSTMClassifier, StatefulLSTMRegressor
from skseq.estimators._settings import settings_of
from skseq.training.plan import make_plan

from .conftest import CASES, N_STEPS, Case

X = CASES["regressor"].X
SUMS = X.sum(axis=2).cumsum(axis=1)
LETTERS = CASES["seq2seq"].y
EVERY_CASE = {
    **CASES,
    # As many targets as steps, and yet all after the last one.
    "classifier_as_many": Case(StatefulLSTMClassifier, X, LETTERS),
    "regressor_as_many": Case(StatefulLSTMRegressor, X, SUMS),
    # Two vectors after the last step.
    "regressor_pairs": Case(StatefulLSTMRegressor, X, X[:, :2]),
    "echo_of_itself": Case(Seq2SeqEcho, CASES["seq2seq"].X, None),
    "decoder_of_itself": Case(
        CASES["encoder_decoder"].estimator, CASES["seq2seq"].X, None
    ),
}
GROUPS = np.repeat([0, 1, 2], [5, 8, 3])
WEIGHTS = np.random.default_rng(2).uniform(0.5, 2, 16)
LENGTHS = np.random.default_rng(3).integers(1, N_STEPS + 1, 16)
LENGTHS[[0, 7]] = N_STEPS, 1


@dataclass(frozen=True)
class Way:
    """How a case is trained."""

    params: dict = field(default_factory=dict)
    optimizer: dict = field(default_factory=dict)
    grouped: bool = False
    weighted: bool = False
    even: bool = False
    slow: bool = False


DECAY = {"optimizer__weight_decay": 0.1}
SGD = {"optimizer": "sgd", "learning_rate": 0.1}
RMSPROP = {"optimizer": "rmsprop", "global_clipnorm": 0.5}
# Each layout of targets, with cutting, groups, weights and optimizers by turns.
WAYS = {
    "classifier": Way({"truncated_bptt_steps": 2}, DECAY, weighted=True),
    "regressor": Way(SGD, {"optimizer__momentum": 0.9}, grouped=True, slow=True),
    "seq2seq": Way(
        {"truncated_bptt_steps": 2, **RMSPROP}, DECAY, grouped=True, weighted=True
    ),
    "encoder_decoder": Way({}, DECAY, weighted=True),
    "decoder_of_numbers": Way(SGD, {}, grouped=True, weighted=True, slow=True),
    "classifier_per_step": Way(
        {"truncated_bptt_steps": 3, "class_weight": "balanced"}, DECAY, slow=True
    ),
    "classifier_outputs": Way({"truncated_bptt_steps": 2, **SGD}, slow=True),
    "regressor_per_step": Way(
        {"truncated_bptt_steps": 1, "rows_abreast": 2}, DECAY, grouped=True
    ),
    "regressor_outputs": Way({"batch_size": None}, weighted=True, slow=True),
    "regressor_vectors": Way({"batch_size": 1}, DECAY, slow=True),
    "gru": Way({"truncated_bptt_steps": 2}, DECAY, grouped=True, slow=True),
    "rnn": Way({}, DECAY, grouped=True, weighted=True, slow=True),
    "classifier_as_many": Way({"n_outputs": 4}, even=True, slow=True),
    "regressor_as_many": Way({"n_outputs": 4}, even=True),
    "regressor_pairs": Way({"truncated_bptt_steps": 3}, DECAY, even=True, slow=True),
    "echo_of_itself": Way({"truncated_bptt_steps": 2}, DECAY, slow=True),
    "decoder_of_itself": Way({"n_outputs": 2}, {}, even=True, slow=True),
}


def spread(steps, real, fill):
    """Put the first steps of rows where others are real; the fill elsewhere."""
    shape = (*real.shape, *steps.shape[2:])
    spread = np.full(shape, fill, np.result_type(steps, np.asarray(fill)))
    for row, (to, own) in enumerate(zip(real, steps, strict=True)):
        spread[row, to] = own[: to.sum()]
    return spread


def padded(case, lengths, n_steps, fill, random, per_step):
    """Data of a case with rows of these lengths among so many steps."""
    real = np.arange(n_steps) < lengths[:, None]
    if random is not None:
        real = np.array([random.permutation(row) for row in real])
    y = case.y
    if per_step:
        # What stands there must not be looked at: no number, and no known label.
        y = spread(y, real, {"f": np.nan, "i": 99, "U": "zz"}[y.dtype.kind])
    return real, spread(case.X, real, fill), y


def predictions(est, X, groups, real):
    """The finest outputs there are; those at real steps, where there are such."""
    if not is_classifier(est):
        found = est.predict(X, groups=groups)
    else:
        found = est.predict_proba(X, groups=groups)
        found = np.stack(found, axis=1) if isinstance(found, list) else found
    return found[real] if est._layout.per_step else found


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(n, marks=pytest.mark.slow if w.slow else ())
        for n, w in WAYS.items()
    ],
)
def test_padding_changes_no_bit(name):
    case, way = EVERY_CASE[name], WAYS[name]
    groups = GROUPS if way.grouped else None
    weights = WEIGHTS if way.weighted else None
    lengths = np.full(16, N_STEPS) if way.even else LENGTHS
    per_step = name.endswith(("_per_step", "_vectors")) or name == "seq2seq"

    def fitted(n_steps, fill, random):
        data = padded(case, lengths, n_steps, fill, random, per_step)
        est = case.make(**{"epochs": 3, "mask_value": fill, **way.params})
        est.set_params(**way.optimizer)
        real, X, y = data
        est.fit(X, y, sample_weight=weights, groups=groups)
        score = est.score(X, y, sample_weight=weights, groups=groups)
        return est, data, score, predictions(est, X, groups, real)

    # All steps real where that can be; otherwise the rows filled up at their ends.
    plain, (_, X, _), score, expected = fitted(N_STEPS, -7.0, None)
    if way.even:
        unmasked = case.make(**{"epochs": 3, **way.params}).set_params(**way.optimizer)
        unmasked.fit(X, case.y, sample_weight=weights, groups=groups)
        assert unmasked.loss_curve_ == plain.loss_curve_

    @settings(max_examples=6, deadline=None)
    @given(
        st.integers(0, 3), st.sampled_from([-7.0, np.nan]), st.integers(0, 2**31 - 1)
    )
    def same(extra, fill, seed):
        random = np.random.RandomState(seed)
        est, (real, X, _), found_score, found = fitted(N_STEPS + extra, fill, random)
        assert est.loss_curve_ == plain.loss_curve_
        for ours, theirs in zip(est.weights_, plain.weights_, strict=True):
            assert_array_equal(ours, theirs)
        assert found_score == score
        assert_array_equal(found, expected)
        # Nor does it matter to what was fitted without.
        plain.set_params(mask_value=fill)
        assert_array_equal(predictions(plain, X, groups, real), expected)

    same()


def test_padded_targets_are_not_learnt_where_steps_and_targets_are_as_many():
    """All targets are 5, of rows of which few have three steps."""
    X = np.ones((16, 3, 1))
    X[1:, 1:] = np.nan
    est = StatefulLSTMRegressor(
        n_outputs=3, mask_value=np.nan, epochs=300, learning_rate=0.1, random_state=0
    ).fit(X, np.full((16, 3), 5.0))
    np.testing.assert_allclose(est.predict(X), 5, atol=0.3)


@pytest.mark.parametrize("pieces_of_padding", [0, 7])
def test_pieces_of_padding_alone_update_nothing(pieces_of_padding):
    X = np.full((8, 1 + pieces_of_padding, 3), -1.0)
    X[:, 0] = CASES["regressor"].X[:8, 0]
    y = np.zeros(X.shape[:2])
    est = CASES["regressor"].make(
        batch_size=1, truncated_bptt_steps=1, epochs=2, mask_value=-1.0, n_outputs=None
    )
    est.set_params(optimizer__weight_decay=0.1).fit(X, y if X.shape[1] > 1 else y[:, 0])
    assert est._learnt.updates == 8 * 2


@pytest.mark.parametrize("per_step", [True, False])
def test_r2_means_the_same_with_and_without_padding(cases, per_step):
    """Columns are weighed alike, or steps pooled: not one here and the other there."""
    case = cases["regressor_per_step" if per_step else "regressor_outputs"]
    y = case.y * [1.0, 10.0, 100.0, 1000.0][: case.y.shape[1]]
    est = case.fit(epochs=1)
    more = np.concatenate([case.X, np.full((16, 1, 3), -1.0)], axis=1)
    longer = np.concatenate([y, np.zeros((16, 1))], axis=1) if per_step else y
    plain = est.score(case.X, y)
    assert est.set_params(mask_value=-1.0).score(more, longer) == plain
    squares = (est.predict(case.X) - y) ** 2
    spread = (y - (y.mean() if per_step else y.mean(axis=0))) ** 2
    axes = None if per_step else 0
    shares = squares.sum(axis=axes) / spread.sum(axis=axes)
    assert plain == pytest.approx(1 - shares.mean())


@pytest.mark.parametrize(
    "name",
    ["echo_of_itself", pytest.param("decoder_of_itself", marks=pytest.mark.slow)],
)
def test_rows_may_be_scored_without_y_however_long_the_longest_is(name):
    """A fold need not hold the longest row."""
    case = EVERY_CASE[name]
    est = case.make(mask_value=-1.0, epochs=1)
    X = case.X.copy()
    X[1:, 3:] = -1.0
    est.fit(X)
    rows = np.arange(1, 16)
    tokens = X.argmax(axis=2)
    counts = (X[rows] != -1).all(axis=2)
    right = (est.predict(X)[rows] == tokens[rows]) | ~counts
    assert est.score(X[rows]) == right.all(axis=1).mean()
    # A row of padding alone is neither right nor wrong.
    beside = np.concatenate([X[rows], np.full((5, 4, 3), -1.0)])
    assert est.score(beside) == est.score(X[rows])
    # Nor need the rows of later training.
    est.partial_fit(X[rows], None)


def planned(est, X, y, weights, groups):
    """All that a fit would run, and nothing run yet."""
    rows = est._read_rows(X, y, weights, groups, reset=True, classes=None)
    how = settings_of(est, rows, whole=True)
    return make_plan(rows.sequences, rows.targets, rows.groups, how)


def arrays_of(plan):
    return [*vars(plan.data).values(), *vars(plan.schedule(None)).values()]


@pytest.mark.parametrize("name", EVERY_CASE)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_padding_changes_nothing_of_what_is_run(name, data):
    """Whatever the targets, the cutting, the groups, the weights and the optimizer."""
    case, way = EVERY_CASE[name], WAYS[name]
    per_step = name.endswith(("_per_step", "_vectors")) or name == "seq2seq"
    lengths = data.draw(st.lists(st.integers(0, N_STEPS), min_size=16, max_size=16))
    lengths = np.array(lengths)
    lengths[0] = N_STEPS
    params = {
        "n_outputs": way.params.get("n_outputs"),
        "batch_size": data.draw(st.sampled_from([None, 1, 5, 32])),
        "optimizer": data.draw(st.sampled_from(["adam", "sgd", "rmsprop"])),
        "truncated_bptt_steps": data.draw(st.sampled_from([None, 1, 3, 9])),
    }
    # What decodes reads a row whole first.
    whole = "decoder" in name
    if whole or "pooling" in case.params:
        del params["truncated_bptt_steps"]
    grouped = data.draw(st.booleans())
    groups = GROUPS if grouped else None
    params["rows_abreast"] = data.draw(st.integers(1, 3)) if grouped else 1
    params["batch_size"] = params["batch_size"] and max(params["batch_size"], 3)
    weight = st.sampled_from([0.0, 1.0, 2.5])
    weights = data.draw(st.none() | st.lists(weight, min_size=16, max_size=16))
    if weights is not None:
        weights = np.array(weights)
        weights[0] = 1.0

    def plan(n_steps, fill, random):
        _, X, y = padded(case, lengths, n_steps, fill, random, per_step)
        est = case.make(mask_value=fill, **params)
        return planned(est, X, y, weights, groups)

    expected = plan(N_STEPS, -7.0, None)
    fill = data.draw(st.sampled_from([-7.0, np.nan]))
    extra, seed = data.draw(st.integers(0, 5)), data.draw(st.integers(0, 99))
    found = plan(N_STEPS + extra, fill, np.random.RandomState(seed))
    assert found.program == expected.program
    assert (found.longest_lag, found.window) == (expected.longest_lag, expected.window)
    for ours, theirs in zip(arrays_of(found), arrays_of(expected), strict=True):
        assert (ours is None) == (theirs is None)
        assert ours is None or np.array_equal(ours, theirs)
