"""What onnxruntime makes of an exported model is what `predict` makes of it."""

import copy
import dataclasses
import datetime
import functools
import itertools
import json
import math
import subprocess
import sys
from pathlib import Path
from unittest import mock

import numpy as np
import onnx
import onnx.reference
import onnxruntime
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

import skseq
import skseq.exporting
from skseq import export_onnx

# It warns that states, which may be given, are no constants.
onnxruntime.set_default_logger_severity(3)

N, T, F, UNITS = 8, 4, 3, 3
TOLERANCE = {"float32": 1e-5, "float64": 1e-12}
SIGMOIDS = {"loss": "binary_crossentropy"}

RNG = np.random.default_rng(0)
TOKENS = RNG.integers(F, size=(N, T))
# Each class and each step's target in it, whatever seed draws the tokens.
TOKENS[:F] = np.arange(F)[:, None]
X = np.eye(F)[TOKENS] + RNG.normal(size=(N, T, F)) / 9
LETTERS = np.array(["a", "b", "ß"])[TOKENS]
SUMS = X[:, :, 0].cumsum(axis=1)

CLASSIFIER, REGRESSOR = skseq.StatefulLSTMClassifier, skseq.StatefulLSTMRegressor
DECODER, NUMBERS = skseq.EncoderDecoderEcho, skseq.EncoderDecoderRegressor
# Every topology, layout of y, and way from outputs to predictions.
CASES = {
    "label": (CLASSIFIER, X, LETTERS[:, 0], {}),
    "label of sigmoids": (CLASSIFIER, X, LETTERS[:, 0], SIGMOIDS),
    "label of a table": (CLASSIFIER, SUMS, LETTERS[:, 0], {}),
    "labels per step": (CLASSIFIER, X, TOKENS, {}),
    "labels after the last step": (CLASSIFIER, X, LETTERS[:, :2], SIGMOIDS),
    "one label as a column": (CLASSIFIER, X, LETTERS[:, :1], {}),
    "tokens": (skseq.Seq2SeqEcho, np.eye(F)[TOKENS], LETTERS, {}),
    "decoder": (DECODER, np.eye(F)[TOKENS], LETTERS[:, :2], {}),
    "decoder of one": (DECODER, X, LETTERS[:, 0], SIGMOIDS),
    "decoder of numbers": (NUMBERS, X, X.cumsum(axis=1)[:, :2, :2], {}),
    "decoder of a number a step": (NUMBERS, X, SUMS[:, :2], {}),
    "number": (REGRESSOR, X, SUMS[:, -1], {}),
    "number of a table": (REGRESSOR, SUMS, SUMS[:, -1], {}),
    "numbers per step": (REGRESSOR, SUMS, SUMS, {}),
    "numbers after the last step": (REGRESSOR, X, SUMS[:, :2], {}),
    "vectors after the row": (REGRESSOR, X, X.cumsum(axis=1)[:, :2, :2], {}),
    "vectors per step": (REGRESSOR, X, X.cumsum(axis=1)[:, :, :2], {}),
}


# Every kind of network, on a layout that it is made for.
NETWORKS = {
    "gru": ("labels per step", {"cell": "gru"}),
    "plain": ("number", {"cell": "rnn"}),
    "layers": ("vectors per step", {"units": (3, 2)}),
    "both ways": ("label", {"bidirectional": True}),
    "both ways per step": ("labels per step", {"bidirectional": True}),
    "mean": ("label", {"pooling": "mean"}),
    "largest": ("numbers after the last step", {"pooling": "max"}),
    "attention": ("decoder", {"attention": True}),
    "layers of a gru, both ways": (
        "vectors per step",
        {"cell": "gru", "units": (3, 2), "bidirectional": True},
    ),
    "layers of a plain network, both ways, largest": (
        "vectors after the row",
        {"cell": "rnn", "units": (2, 3), "bidirectional": True, "pooling": "max"},
    ),
    "layers of a gru, mean": (
        "number",
        {"cell": "gru", "units": (3, 2), "pooling": "mean"},
    ),
    "decoder of a plain network, both ways, mean": (
        "decoder of one",
        {"cell": "rnn", "bidirectional": True, "pooling": "mean"},
    ),
    "decoder of layers of a gru, largest": (
        "decoder",
        {"cell": "gru", "units": (3, 2), "pooling": "max"},
    ),
    "attention of layers of a gru, largest": (
        "decoder",
        {"cell": "gru", "units": (3, 2), "pooling": "max", "attention": True},
    ),
}
WHOLE_ROWS = {"bidirectional", "attention"}
STREAMABLE = [name for name in NETWORKS if not WHOLE_ROWS & set(NETWORKS[name][1])]

# Single precision takes the operator, and masks the same loop as double precision.
PRECISIONS = ["float32", pytest.param("float64", marks=pytest.mark.slow)]


def untrained(est, x, y):
    """Fit, but for training, which would only cost time: it has its first weights."""
    with mock.patch("skseq.training.trainer.train", return_value=iter(())):
        return est.fit(x, y)


@functools.cache
def of_case(name, dtype, network=()):
    """An estimator of a case, or of one of the networks above, which may be drawn."""
    case, own = NETWORKS.get(name, (name, {}))
    estimator, x, y, params = CASES[case]
    own = {"units": UNITS, "cell": "lstm", **own, **dict(network)}
    cell = own.pop("cell")
    est = estimator(dtype=dtype, random_state=0, **own, **params)
    # No parameter of these classes, but all that tells others with it from them; and
    # any cell can decode.
    est.cell = cell
    return untrained(est, x, y)


def fitted(case, dtype="float32", mask_value=None, seed=0, scale=1.0, network=()):
    """An estimator with random weights."""
    first = of_case(case, dtype, network)
    est = copy.copy(first).set_params(mask_value=mask_value)
    rng = np.random.default_rng(seed)
    weights = [
        rng.normal(scale=scale, size=weight.shape).astype(dtype)
        for weight in first.weights_
    ]
    return with_weights(est, weights)


def with_weights(est, weights):
    est._learnt = dataclasses.replace(est._learnt, weights=tuple(weights))
    return est


def sequences(est, rng, n_rows, n_steps):
    """Rows of the estimator's kind, with padding anywhere if it masks."""
    x = rng.normal(size=(n_rows, n_steps, F if est._fitted_ndim == 3 else 1))
    if est.mask_value is not None:
        x[rng.random((n_rows, n_steps)) < 0.4] = est.mask_value
        x[0] = est.mask_value
    x = x.astype(est.dtype)
    return x if est._fitted_ndim == 3 else x[:, :, 0]


def exported(est, folder):
    """Export, check, and load."""
    path = folder / "model.onnx"
    export_onnx(est, path)
    onnx.checker.check_model(str(path), full_check=True)
    return onnxruntime.InferenceSession(path)


def run(session, x, **states):
    """All outputs by name."""
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, {"X": x, **states}), strict=True))


@st.composite
def networks(draw, case):
    """Any network that a case can have."""
    estimator, x, y, _ = CASES[case]
    decodes = estimator is DECODER
    network = {
        "cell": draw(st.sampled_from(["lstm", "gru", "rnn"])),
        "units": draw(st.sampled_from([1, 3, (2,), (3, 2), (2, 3, 2)])),
        "bidirectional": draw(st.booleans()),
    }
    if decodes or y.shape[1:2] != x.shape[1:2]:
        network["pooling"] = draw(st.sampled_from(["last", "mean", "max"]))
    if decodes and not network["bidirectional"]:
        network["attention"] = draw(st.booleans())
    return tuple(network.items())


def states_of(outputs):
    """The last states, under the names of the first."""
    return {
        name.removesuffix("_out"): value
        for name, value in outputs.items()
        if name.endswith("_out")
    }


def without(beginning, states):
    return {
        name: state for name, state in states.items() if not name.startswith(beginning)
    }


def assert_near(given, expected, dtype):
    assert given.shape == expected.shape
    assert given.dtype == expected.dtype
    np.testing.assert_allclose(
        given, expected, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype]
    )


def assert_predicts(est, outputs, x, **predict):
    """Outputs are what the estimator's methods give."""
    if not hasattr(est, "predict_proba"):
        assert_near(outputs["variable"], est.predict(x, **predict), est.dtype)
        return
    expected = est.predict_proba(x, **predict)
    given = outputs["probabilities"]
    assert isinstance(given, list) == isinstance(expected, list)
    if isinstance(expected, list):
        assert len(given) == len(expected)
        given, expected = np.stack(given, axis=1), np.stack(expected, axis=1)
    assert_near(given, expected, est.dtype)
    labels = est.predict(x, **predict)
    assert outputs["label"].shape == labels.shape
    best = np.sort(expected, axis=-1)[..., -2:].reshape(*labels.shape, 2)
    clear = best[..., 1] - best[..., 0] > 1e-4
    assert (outputs["label"] == labels)[clear].all()


def test_importing_it_brings_neither_onnx_nor_tensorflow():
    code = (
        "import sys, skseq.exporting\n"
        "print(sorted({'onnx', 'tensorflow', 'keras'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert found.stdout == "[]\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("onnx")


@pytest.mark.parametrize("case", CASES)
@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    data=st.data(),
    seed=st.integers(0, 2**32 - 1),
    scale=st.sampled_from([0.3, 1.0, 3.0]),
    dtype=st.sampled_from(["float32", "float64"]),
    mask_value=st.sampled_from([None, -1.0, math.nan]),
    n_rows=st.integers(1, 20),
)
def test_predictions_are_equal(
    case, folder, data, seed, scale, dtype, mask_value, n_rows
):
    est = fitted(case, dtype, mask_value, seed, scale, data.draw(networks(case)))
    x = sequences(est, np.random.default_rng(seed), n_rows, T)
    assert_predicts(est, run(exported(est, folder), x), x)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("mask_value", [None, 0.0])
@pytest.mark.parametrize("case", [*NETWORKS, "labels per step", "decoder", "number"])
def test_in_every_precision_with_masks_and_without(case, mask_value, dtype, folder):
    est = fitted(case, dtype, mask_value)
    x = sequences(est, np.random.default_rng(0), 9, T + 1)
    assert_predicts(est, run(exported(est, folder), x), x)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("mask_value", [None, math.nan])
@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("case", ["labels per step", "decoder", "number"])
def test_every_combination(case, cell, mask_value, dtype, folder):
    pooling = ["last"] if "per step" in case else ["last", "mean", "max"]
    for units, both, pool, attention in itertools.product(
        (3, (3, 2)), (False, True), pooling, (False, True)
    ):
        if attention and (both or case != "decoder"):
            continue
        network = {"cell": cell, "units": units, "bidirectional": both, "pooling": pool}
        if case == "decoder":
            network["attention"] = attention
        est = fitted(case, dtype, mask_value, network=tuple(network.items()))
        x = sequences(est, np.random.default_rng(0), 5, T)
        assert_predicts(est, run(exported(est, folder), x), x)


@pytest.mark.parametrize("place", [slice(0, 2), slice(1, 3), slice(2, 4), slice(0, 4)])
@pytest.mark.parametrize("case", ["labels per step", "number"])
def test_padding_at_any_place_is_as_if_it_were_not_there(case, place, folder):
    session = exported(fitted(case, mask_value=-1.0, seed=3), folder)
    x = np.random.default_rng(0).normal(size=(5, T, F)).astype("float32")
    padded = x.copy()
    padded[:, place] = -1
    # A step with one such feature is a step like others.
    padded[:, place.start - 1, 0] = x[:, place.start - 1, 0] = -1
    outputs = run(session, padded)
    assert_predicts(fitted(case, mask_value=-1.0, seed=3), outputs, padded)
    if place != slice(0, 4):
        left = run(session, np.delete(padded, np.r_[place], axis=1))
        for name, state in states_of(left).items():
            np.testing.assert_array_equal(outputs[f"{name}_out"], state)


@pytest.mark.parametrize("n_steps", [1, 9])
@pytest.mark.parametrize("mask_value", [None, -1.0])
@pytest.mark.parametrize("case", ["labels per step", *NETWORKS])
def test_rows_of_any_length(case, mask_value, n_steps, folder):
    est = fitted(case, mask_value=mask_value)
    x = sequences(est, np.random.default_rng(1), 5, n_steps)
    assert_predicts(est, run(exported(est, folder), x), x)


@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("mask_value", [None, -1.0])
@pytest.mark.parametrize("case", [*CASES, *STREAMABLE])
def test_a_row_in_pieces_is_the_whole_row(case, mask_value, dtype, folder):
    est = fitted(case, dtype, mask_value, seed=5)
    session = exported(est, folder)
    x = sequences(est, np.random.default_rng(2), 6, 7)
    whole = run(session, x)
    states, pieces = {}, []
    for start, end in [(0, 1), (1, 5), (5, 7)]:
        pieces.append(run(session, x[:, start:end], **states))
        states = states_of(pieces[-1])
        if est._topology == "encoder_decoder":  # decodes anew after each piece
            states = without("decoder", states)
    for name, expected in whole.items():
        given = [piece[name] for piece in pieces]
        if est._layout.per_step and not name.endswith("_out"):
            given = [np.concatenate(given, axis=1)]
        if name == "label":
            assert np.array_equal(given[-1], expected)
        else:
            assert_near(np.asarray(given[-1]), np.asarray(expected), dtype)


@pytest.mark.parametrize("case", ["labels per step", "decoder", *STREAMABLE])
def test_states_carry_from_row_to_row_as_groups_do(case, folder):
    est = fitted(case, seed=7).set_params(rows_abreast=4)
    session = exported(est, folder)
    x = sequences(est, np.random.default_rng(3), 8, T)
    first = run(session, x[:4])
    # A row's outputs are pooled for itself.
    then = run(session, x[4:], **without("pool", states_of(first)))
    expected = est.predict(x, groups=np.zeros(8))
    name = "label" if hasattr(est, "predict_proba") else "variable"
    given = np.concatenate([outputs[name] for outputs in (first, then)])
    if name == "variable":
        assert_near(given, expected, "float32")
    else:
        assert np.array_equal(given, expected)


@pytest.mark.parametrize("case", ["labels per step", "decoder", *STREAMABLE])
def test_one_step_at_a_time_is_a_stream(case, folder):
    est = fitted(case, seed=11)
    session = exported(est, folder)
    stream, states = est.stream(), {}
    for x in sequences(est, np.random.default_rng(4), 1, 6)[0]:
        outputs = run(session, x[None, None], **states)
        states = without("decoder", states_of(outputs))
        expected = stream.step(x)
        given = outputs["label" if "label" in outputs else "variable"][0]
        given = given[0] if est._layout.per_step else given
        if "label" in outputs:
            assert np.array_equal(given, expected)
        else:
            assert given == pytest.approx(expected, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_states_are_optional_one_by_one_and_one_row_serves_all(dtype, folder):
    session = exported(fitted("number", dtype), folder)
    x = sequences(fitted("number", dtype), np.random.default_rng(5), 3, T)
    h = np.random.default_rng(6).normal(size=(1, UNITS)).astype(dtype)
    zeros = np.zeros((3, UNITS), dtype)
    for states, same in [
        ({}, {"lstm_h": zeros, "lstm_c": zeros}),
        ({"lstm_h": h}, {"lstm_h": h.repeat(3, axis=0), "lstm_c": zeros}),
    ]:
        given, expected = run(session, x, **states), run(session, x, **same)
        assert given.keys() == {"variable", "lstm_h_out", "lstm_c_out"}
        for name in given:
            np.testing.assert_array_equal(given[name], expected[name])


def test_sigmoids_far_below_zero_are_shared_out_as_predict_does(folder):
    est = fitted("label of sigmoids")
    x = sequences(est, np.random.default_rng(7), 2, T)
    # onnxruntime's own sigmoid is the same number for all below -18.
    for bias in ([-30, -25, -25.5], [-300, -301, -302], [40, 60, 80]):
        with_weights(est, [*est.weights_[:-1], np.array(bias, "float32")])
        outputs = run(exported(est, folder), x)
        assert_near(outputs["probabilities"], est.predict_proba(x), "float32")


@pytest.mark.parametrize("mask_value", [None, -1.0])
@pytest.mark.parametrize(
    "case",
    ["label of sigmoids", "gru", "plain", "mean", "largest", "attention", "decoder"],
)
def test_another_runtime_gives_the_same(case, mask_value, folder):
    """The standard's own reference, so that nothing hangs on onnxruntime's ways."""
    est = fitted(case, mask_value=mask_value, seed=13)
    x = sequences(est, np.random.default_rng(8), 4, 5)
    expected = run(exported(est, folder), x)
    names = list(expected)
    reference = onnx.reference.ReferenceEvaluator(str(folder / "model.onnx"))
    given = dict(zip(names, reference.run(names, {"X": x}), strict=True))
    if "label" in given:
        assert np.array_equal(given.pop("label"), expected.pop("label"))
    for name in given:
        assert_near(np.asarray(given[name]), np.asarray(expected[name]), "float32")


def inputs_and_outputs(session):
    return [
        [(value.name, value.type, value.shape) for value in values]
        for values in (
            session.get_inputs(),
            session.get_overridable_initializers(),
            session.get_outputs(),
        )
    ]


def test_inputs_and_outputs_of_a_classifier(folder):
    state = ("tensor(float)", ["n_or_1", UNITS])
    assert inputs_and_outputs(exported(fitted("decoder"), folder)) == [
        [("X", "tensor(float)", ["n", "t", F])],
        [
            ("encoder_h", *state),
            ("encoder_c", *state),
            ("decoder_h", *state),
            ("decoder_c", *state),
        ],
        [
            ("label", "tensor(string)", ["n", 2]),
            ("probabilities", "seq(tensor(float))", []),
            ("encoder_h_out", "tensor(float)", ["n", UNITS]),
            ("encoder_c_out", "tensor(float)", ["n", UNITS]),
            ("decoder_h_out", "tensor(float)", ["n", UNITS]),
            ("decoder_c_out", "tensor(float)", ["n", UNITS]),
        ],
    ]


def test_inputs_and_outputs_of_a_regressor(folder):
    assert inputs_and_outputs(
        exported(fitted("numbers per step", "float64"), folder)
    ) == [
        [("X", "tensor(double)", ["n", "t"])],
        [
            ("lstm_h", "tensor(double)", ["n_or_1", UNITS]),
            ("lstm_c", "tensor(double)", ["n_or_1", UNITS]),
        ],
        [
            ("variable", "tensor(double)", ["n", "t"]),
            ("lstm_h_out", "tensor(double)", ["n", UNITS]),
            ("lstm_c_out", "tensor(double)", ["n", UNITS]),
        ],
    ]


def test_states_are_called_after_layers_and_pools(folder):
    state = "tensor(float)"
    states, outputs = inputs_and_outputs(
        exported(fitted("layers of a gru, mean"), folder)
    )[1:]
    assert states == [
        ("gru_1_h", state, ["n_or_1", 3]),
        ("gru_2_h", state, ["n_or_1", 2]),
        ("pool", state, ["n_or_1", 2]),
        ("pooled", state, ["n_or_1", 1]),
    ]
    assert outputs == [
        ("variable", state, ["n"]),
        ("gru_1_h_out", state, ["n", 3]),
        ("gru_2_h_out", state, ["n", 2]),
        ("pool_out", state, ["n", 2]),
        ("pooled_out", state, ["n", 1]),
    ]


@pytest.mark.parametrize("mask_value", [None, -1.0])
@pytest.mark.parametrize(
    "case", ["both ways", "attention", "decoder of a plain network, both ways, mean"]
)
def test_what_looks_at_whole_rows_has_no_states(case, mask_value, folder):
    session = exported(fitted(case, mask_value=mask_value), folder)
    given, states, outputs = inputs_and_outputs(session)
    assert [name for name, *_ in given] == ["X"]
    assert states == []
    assert [name for name, *_ in outputs] == ["label", "probabilities"]


@pytest.mark.parametrize(
    ("labels", "dtype"),
    [
        (["no", "yes", "ß"], object),
        (np.array(["no", "yes", "ß"], object), object),
        ([-3, 0, 7], np.int64),
        (np.array([1, 2, 200], np.uint8), np.int64),
        (np.array([1, 2, 2**64 - 1], np.uint64), np.uint64),
        (np.array([1, 2, 3], object), np.int64),
        ([1.0, 2.0, 3.0], np.float64),
        ([False, True, True], np.bool_),
    ],
)
def test_labels_are_those_that_predict_gives(labels, dtype, folder):
    est = CLASSIFIER(units=UNITS, random_state=0)
    untrained(est, X, np.asarray(labels)[TOKENS[:, 0]])
    session = exported(est, folder)
    x = X.astype("float32")
    outputs = run(session, x)
    assert outputs["label"].dtype == dtype
    assert outputs["label"].tolist() == est.predict(X).tolist()


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        (b"a", "bytes_"),
        (np.datetime64("2020-01-01"), "datetime64"),
        (datetime.date(2020, 1, 1), "date"),
        (2**64, "int"),
    ],
)
def test_labels_that_onnx_has_not_are_refused(label, kind, tmp_path):
    est = fitted("label")
    est.classes_ = np.array([label] * 3)
    assert_refused(
        est,
        tmp_path / "model.onnx",
        TypeError,
        f"classes_ are of kind {kind}, which ONNX has not: fit with labels that are "
        "strings, numbers or booleans.",
    )


@pytest.mark.parametrize(
    ("case", "mask_value", "expected"),
    [
        (
            "labels after the last step",
            math.nan,
            {
                "estimator": "StatefulLSTMClassifier",
                "loss": "binary_crossentropy",
                "layout": {"per_step": False, "n_outputs": 2, "ndim": 2},
                "mask_value": math.nan,
                "classes": ["a", "b", "ß"],
            },
        ),
        (
            "vectors per step",
            -1,
            {
                "estimator": "StatefulLSTMRegressor",
                "loss": "mean_squared_error",
                "layout": {"per_step": True, "n_outputs": None, "ndim": 3},
                "mask_value": -1.0,
            },
        ),
        (
            "numbers after the last step",
            None,
            {
                "estimator": "StatefulLSTMRegressor",
                "loss": "mean_squared_error",
                "layout": {"per_step": False, "n_outputs": 2, "ndim": 2},
                "mask_value": None,
            },
        ),
    ],
)
def test_the_file_says_what_it_is(case, mask_value, expected, folder):
    session = exported(fitted(case, mask_value=mask_value), folder)
    found = session.get_modelmeta().custom_metadata_map
    for name in found.keys() & {"layout", "mask_value", "classes"}:
        found[name] = json.loads(found[name])
    assert found.pop("skseq_version") == skseq.__version__
    # By their words: NaN equals nothing, itself included.
    assert {name: repr(value) for name, value in found.items()} == {
        name: repr(value) for name, value in expected.items()
    }
    assert session.get_modelmeta().producer_name == "skseq"


@pytest.mark.parametrize(
    ("estimator", "y"),
    [(skseq.RecurrentClassifier, TOKENS), (skseq.RecurrentRegressor, SUMS)],
)
def test_estimators_of_any_cell(estimator, y, folder):
    est = untrained(estimator(cell="gru", units=UNITS, random_state=0), X, y)
    session = exported(est, folder)
    x = X.astype("float32")
    assert_predicts(est, run(session, x), x)
    found = session.get_modelmeta().custom_metadata_map
    assert found["estimator"] == estimator.__name__


def test_the_same_model_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        export_onnx(fitted("decoder", mask_value=0.0), tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def assert_refused(model, path, kind, message):
    """One error, of these words, and nothing is written."""
    before = sorted(path.parent.iterdir()) if path.parent.is_dir() else None
    with pytest.raises(kind) as refused:
        export_onnx(model, path)
    assert str(refused.value) == message
    assert "\n" not in message
    after = sorted(path.parent.iterdir()) if path.parent.is_dir() else None
    assert after == before


def searched():
    search = GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2)
    return search.fit(TOKENS[:6], TOKENS[:6, 0] > 0)


KNOWN = (
    "export_onnx takes a fitted EncoderDecoderEcho, EncoderDecoderRegressor, "
    "RecurrentClassifier, RecurrentRegressor, Seq2SeqEcho, StatefulLSTMClassifier or "
    "StatefulLSTMRegressor, got "
)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (None, "NoneType."),
        (REGRESSOR, "the class StatefulLSTMRegressor."),
        (LogisticRegression(), "LogisticRegression."),
        (skseq.OneHotSequence(), "OneHotSequence."),
        (
            make_pipeline(skseq.OneHotSequence(), CLASSIFIER()),
            "Pipeline. Export its last step, model[-1]: it takes what the steps before "
            "it give.",
        ),
        (GridSearchCV(REGRESSOR(), {"units": [1, 2]}), "GridSearchCV."),
        (searched(), "GridSearchCV. Export its best_estimator_."),
    ],
)
def test_other_models_are_refused(model, message, tmp_path):
    assert_refused(model, tmp_path / "model.onnx", TypeError, KNOWN + message)


def test_what_is_not_fitted_is_refused(tmp_path):
    assert_refused(
        REGRESSOR(),
        tmp_path / "model.onnx",
        NotFittedError,
        "This StatefulLSTMRegressor instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    )


def test_what_diverged_is_refused(tmp_path):
    est = fitted("number").set_params(learning_rate=1e38)
    est._learnt = dataclasses.replace(est._learnt, diverged_in=1)
    assert_refused(
        est,
        tmp_path / "model.onnx",
        ValueError,
        "Training of StatefulLSTMRegressor diverged in epoch 1: loss or weights are no "
        "longer finite. Lower learning_rate=1e+38, set global_clipnorm, or scale X.",
    )


def test_a_missing_folder_is_named(tmp_path):
    assert_refused(
        fitted("number"),
        tmp_path / "missing" / "model.onnx",
        FileNotFoundError,
        f"There is no folder {str(tmp_path / 'missing')!r} to write 'model.onnx' into; "
        "make it first.",
    )


def test_a_folder_is_no_file(tmp_path):
    (tmp_path / "model.onnx").mkdir()
    assert_refused(
        fitted("number"),
        tmp_path / "model.onnx",
        IsADirectoryError,
        f"{str(tmp_path / 'model.onnx')!r} is a folder; give the path of a file.",
    )


def test_more_than_a_file_holds_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(skseq.exporting, "_MOST_BYTES", 100)
    assert_refused(
        fitted("number"),
        tmp_path / "model.onnx",
        ValueError,
        "StatefulLSTMRegressor has weights of 352 bytes, but an ONNX file holds 100. "
        "Fit it with fewer units, or keep it with skseq.save.",
    )


def test_without_onnx_one_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    monkeypatch.delitem(sys.modules, "skseq.exporting._model", raising=False)
    monkeypatch.delattr(skseq.exporting, "_model", raising=False)
    assert_refused(
        fitted("number"),
        tmp_path / "model.onnx",
        ImportError,
        "export_onnx needs the package onnx (import of onnx halted; None in "
        "sys.modules): pip install skseq[onnx]",
    )


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"before")

    def fail(self, data):
        with self.open("wb") as file:
            file.write(data[:9])
        raise OSError("No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    assert_refused(fitted("number"), path, OSError, "No space left on device")
    assert path.read_bytes() == b"before"
