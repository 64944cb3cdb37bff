"""Sparse one-hot steps stay symbols, and are looked up: the same fit, no zeros.

Texts of 20,000 words as arrays would take 160 GB.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline

from skseq import (
    EncoderDecoderEcho,
    OneHotSequence,
    RecurrentClassifier,
    Seq2SeqEcho,
    export_onnx,
    load,
    save,
)

from .conftest import N_FEATURES, N_STEPS
from .test_padding import LENGTHS, arrays_of, planned

TOKENS = np.random.default_rng(0).integers(N_FEATURES, size=(16, N_STEPS))
TEXTS = [
    np.array(["a", "b", "c"])[row[:length]]
    for row, length in zip(TOKENS, LENGTHS, strict=True)
]
DENSE = OneHotSequence().fit_transform(TEXTS)
SPARSE = OneHotSequence(sparse_output=True).fit_transform(TEXTS)
LABELS = [str(text[0]) for text in TEXTS]
SMALL = {"units": 3, "epochs": 2, "dtype": "float64", "random_state": 0}


# keras-team/keras #1723, #5287: vocabularies that no one-hot array holds.
@pytest.mark.parametrize(
    ("make", "y"),
    [
        (lambda **how: RecurrentClassifier(**how), LABELS),
        (lambda **how: RecurrentClassifier(bidirectional=True, **how), LABELS),
        (lambda **how: Seq2SeqEcho(**how), TEXTS),
        (lambda **how: Seq2SeqEcho(**how), None),
        (lambda **how: EncoderDecoderEcho(n_outputs=2, **how), None),
    ],
)
def test_a_fit_to_symbols_runs_what_a_fit_to_one_hot_arrays_runs(make, y):
    est = make(**SMALL)
    expected = planned(est, DENSE, y, None, None)
    found = planned(est, SPARSE, y, None, None)
    assert found.program == expected.program
    assert found.program.network.tokens
    assert found.program.network.n_features == N_FEATURES
    for ours, theirs in zip(arrays_of(found), arrays_of(expected), strict=True):
        assert (ours is None) == (theirs is None)
        assert ours is None or np.array_equal(ours, theirs)


@pytest.mark.parametrize(
    "bidirectional", [False, pytest.param(True, marks=pytest.mark.slow)]
)
def test_predictions_streams_and_files_take_symbols(tmp_path, bidirectional):
    est = RecurrentClassifier(bidirectional=bidirectional, **SMALL)
    est.fit(SPARSE, LABELS)
    dense = RecurrentClassifier(bidirectional=bidirectional, **SMALL)
    dense.fit(DENSE, LABELS)
    for ours, theirs in zip(est.weights_, dense.weights_, strict=True):
        assert_array_equal(ours, theirs)
    assert est.n_features_in_ == N_FEATURES
    # By lookup, not by product: alike up to rounding.
    proba = est.predict_proba(SPARSE)
    assert_allclose(proba, est.predict_proba(DENSE), rtol=1e-12)
    assert est.score(SPARSE, LABELS) == dense.score(DENSE, LABELS)
    # What a row gives does not depend on its neighbours.
    assert_array_equal(est.predict_proba(SPARSE[:3]), proba[:3])
    save(est, tmp_path / "model.skops")
    assert_array_equal(load(tmp_path / "model.skops").predict_proba(SPARSE), proba)
    export_onnx(est, tmp_path / "model.onnx")
    if not bidirectional:
        stream = est.stream()
        for step in SPARSE[0]:
            said = stream.step(step)
        assert said == est.predict(SPARSE)[0]


@pytest.mark.slow
def test_a_pipeline_of_words_is_split_and_takes_words_that_it_does_not_know():
    encoder = OneHotSequence(sparse_output=True, handle_unknown="ignore")
    model = make_pipeline(encoder, RecurrentClassifier(mask_value=0.0, **SMALL))
    said = cross_val_predict(model, TEXTS, LABELS, cv=2, method="predict_proba")
    assert said.shape == (16, 3)
    model.fit(TEXTS, LABELS)
    strange = np.concatenate([["?"], TEXTS[0], ["!"]])
    found = model.predict_proba([strange, TEXTS[0]])
    assert_array_equal(found[0], found[1])


def test_a_step_of_zeros_is_a_step_where_it_is_no_padding():
    est = RecurrentClassifier(**SMALL).fit(SPARSE, LABELS)
    dense = np.concatenate([np.zeros((1, N_FEATURES)), DENSE[0]])
    found = est.predict_proba([csr_array(dense)])
    assert_allclose(found, est.predict_proba([dense]), rtol=1e-12)
    assert abs(found - est.predict_proba(SPARSE[:1])).max() > 1e-6


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ([[1, 1]], "X has sparse steps that are not one-hot, as those of"),
        ([[0, 2]], "X has sparse steps that are not one-hot, as those of"),
        (
            [[0, 1], [0, 0]],
            "X has sparse steps without a symbol, the first at row 1, step 1, from "
            "which nothing can be learnt; set mask_value=0 to skip them.",
        ),
    ],
)
def test_sparse_steps_that_are_no_symbols_are_refused(step, message):
    X = [csr_array([[1, 0]]), csr_array(step)]
    with pytest.raises(ValueError, match=message):
        RecurrentClassifier(**SMALL).fit(X, ["a", "b"])


@pytest.mark.slow
def test_a_closed_loop_over_many_symbols_makes_no_square_of_them():
    n = 50_000
    tokens = np.arange(0, n, n // 8).reshape(4, 2)
    encoder = OneHotSequence(categories=np.arange(n), sparse_output=True)
    X = encoder.fit_transform(tokens)
    est = Seq2SeqEcho(units=1, epochs=1, batch_size=4, random_state=0).fit(X)
    est.classes_ = np.arange(n)
    step = est._as_input(np.eye(1, n, 7))
    assert step.shape == (n,)
    assert step.argmax() == 7
