"""Any input gives a result or a ValueError or TypeError of ours.

Never an error of TensorFlow's, and never a NaN that nobody was told of.
"""

import pickle
import traceback
import warnings

import numpy as np
import pytest
import scipy.sparse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

import skseq
from skseq.exceptions import DivergenceWarning
from skseq.preprocessing import pad_sequences
from skseq.training import trainer

from .conftest import LABELS, NUMBERS, SMALL, X, Y, fitted

QUIET = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)

DTYPES = ["?", "i1", "u8", "i8", "f2", "f4", "f8", "c8", "U2", "S2", "M8[s]", "m8[s]"]
ARRAYS = arrays(
    st.sampled_from(DTYPES),
    array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=9),
)
ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=3)
    | st.binary(max_size=3)
    | st.just(10**400)
    | st.just(object())
    | st.builds(lambda: iter([[1.0]]))
    | st.builds(lambda: scipy.sparse.eye(8).tocsr())
)
# Shapes that fit are drawn often, so that what is wrong with values is reached.
FITTING = arrays(
    st.sampled_from(["?", "i8", "f4", "f8", "U2", "c8"]),
    st.sampled_from([(8,), (8, 1), (8, 4), (8, 4, 1), (8, 4, 2), (8, 2)]),
)
JUNK = (
    st.recursive(
        ATOMS,
        lambda inner: (
            st.lists(inner, max_size=8)
            | st.dictionaries(st.text(max_size=2), inner, max_size=2)
            | st.tuples(inner, inner)
        ),
        max_leaves=20,
    )
    | ARRAYS
    | FITTING
    | FITTING.map(lambda array: array.astype(object))
    | FITTING.map(lambda array: array.tolist())
    | st.lists(st.lists(ATOMS, min_size=4, max_size=4), min_size=8, max_size=8)
    | st.lists(ATOMS, min_size=8, max_size=8)
)


def refuses(call, *args, **kwargs):
    """Whether it is refused; anything but a refusal or a result fails the test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            call(*args, **kwargs)
        except (TypeError, ValueError) as error:
            frames = traceback.extract_tb(error.__traceback__)
            assert not any("tensorflow" in frame.filename for frame in frames)
            return bool(str(error))
    return False


def mostly(right):
    """The right thing more often than not, so that each argument has its turn."""
    return st.just(right) | st.just(right) | JUNK


@pytest.fixture
def untrained(monkeypatch):
    """Let everything before training happen, and nothing else."""
    monkeypatch.setattr(trainer, "train", lambda *args, **kwargs: iter(()))


ESTIMATORS = {
    "classifier": (skseq.StatefulLSTMClassifier, LABELS),
    "regressor": (skseq.StatefulLSTMRegressor, NUMBERS),
    "echo": (skseq.Seq2SeqEcho, Y),
    "decoder": (skseq.EncoderDecoderEcho, Y),
}
NETWORKS = {
    "units": st.lists(st.integers(1, 4), min_size=1, max_size=3),
    "bidirectional": st.booleans(),
    "pooling": st.sampled_from(["last", "mean", "max"]),
    "dropout": st.floats(0, 1, exclude_max=True),
    "recurrent_dropout": st.floats(0, 1, exclude_max=True),
}


@pytest.mark.parametrize(("kind", "right"), ESTIMATORS.values(), ids=ESTIMATORS)
@QUIET
@given(data=st.data())
def test_fit_takes_or_refuses_anything(kind, right, data, untrained):
    given_X, given_y = data.draw(mostly(X)), data.draw(mostly(right))
    weights = data.draw(st.none() | JUNK)
    groups = data.draw(st.none() | st.just(np.zeros(8)) | JUNK)
    params = data.draw(
        st.fixed_dictionaries(
            {},
            optional={
                **NETWORKS,
                "mask_value": st.sampled_from([0.0, np.nan]),
                "early_stopping": st.just(True),
                "truncated_bptt_steps": st.integers(1, 5),
                "class_weight" if kind is not ESTIMATORS["regressor"][0] else "tol": (
                    st.just(0.5)
                    if kind is ESTIMATORS["regressor"][0]
                    else st.just("balanced")
                    | st.dictionaries(st.sampled_from(["no", "yes", "x"]), ATOMS)
                ),
            },
        )
    )
    est = kind(**{**SMALL, **params})
    before = set(vars(est))
    if refuses(est.fit, given_X, given_y, sample_weight=weights, groups=groups):
        assert set(vars(est)) == before


@pytest.mark.parametrize(
    "name", ["epochs", "batch_size", "learning_rate", "attention", "cell", *NETWORKS]
)
@QUIET
@given(value=ATOMS | st.lists(ATOMS, max_size=3))
def test_any_parameter_is_taken_or_refused(name, value, untrained):
    kind = skseq.RecurrentClassifier
    kind = skseq.EncoderDecoderEcho if name == "attention" else kind
    est = kind(**{**SMALL, name: value})
    widths = value if isinstance(value, list) else [value]
    if not (name == "units" and any(type(w) is int and w > 99 for w in widths)):
        refuses(est.fit, X[:, :, None], Y if name == "attention" else LABELS)


@pytest.mark.parametrize("name", ["clf", "reg", "steps", "both", "deep"])
@QUIET
@given(given_X=JUNK, given_y=JUNK, groups=st.none() | JUNK)
def test_a_fitted_estimator_takes_or_refuses_anything(name, given_X, given_y, groups):
    est = pickle.loads(fitted())[name]
    before = pickle.dumps(est)
    shape = np.shape(given_X) if isinstance(given_X, np.ndarray) else ()
    # Each length of three-dimensional rows is a program to compile.
    if len(shape) == 3 and shape[1] != 4:
        given_X = given_X[:, :0]
    if not refuses(est.predict, given_X, groups=groups):
        assert np.isin(est.predict(given_X, groups=groups), ["a"]).shape
    refuses(est.score, X if name != "steps" else X[:, :, None], given_y, groups)
    assert pickle.dumps(est) == before


@QUIET
@given(x=JUNK, prefix=JUNK, n_steps=st.integers(-3, 3) | ATOMS)
def test_streams_take_or_refuse_anything(x, prefix, n_steps):
    est = pickle.loads(fitted())["clf"]
    refuses(est.stream().step, x)
    if not (type(n_steps) is int and n_steps > 3):
        refuses(est.generate, prefix, n_steps)


TRANSFORMERS = {
    "symbols": skseq.OneHotSequence(),
    "padded symbols": skseq.OneHotSequence(padding=-1, handle_unknown="ignore"),
    "lags": skseq.LagFramer(3),
    "windows": skseq.SupervisedWindower(2),
    "echo": skseq.SupervisedWindower(2, 2, target="echo", fill_value=0),
}


@pytest.mark.parametrize("transformer", TRANSFORMERS.values(), ids=TRANSFORMERS)
@QUIET
@given(given_X=JUNK, later=JUNK)
def test_transformers_take_or_refuse_anything(transformer, given_X, later):
    model = pickle.loads(pickle.dumps(transformer))
    before = set(vars(model))
    if refuses(model.fit, given_X):
        assert set(vars(model)) == before
        return
    refuses(model.transform, later)
    if hasattr(model, "inverse_transform"):
        refuses(model.inverse_transform, later)


@QUIET
@given(given_X=JUNK, y=st.none() | JUNK, fill=ATOMS)
def test_windows_and_padding_take_or_refuse_anything(given_X, y, fill):
    refuses(skseq.SupervisedWindower(2, fill_value=fill).make_pairs, given_X, y)
    refuses(pad_sequences, given_X, fill_value=fill)


FLOATS = st.floats() | st.sampled_from([0.0, 1e30, -1e30, 1e-30, 1e38, 3e38, 5e-324])


@QUIET
@given(
    values=arrays("f8", (8, 4), elements=FLOATS, fill=st.just(0.5)),
    targets=arrays("f8", 8, elements=FLOATS, fill=st.just(0.5)),
    weights=st.none() | arrays("f8", 8, elements=FLOATS, fill=st.just(1.0)),
    rate=st.floats(1e-300, 1e300, exclude_min=True) | st.just(0.01),
    limit=st.just(1.0) | st.none(),
)
def test_numbers_stay_numbers_or_it_is_said(values, targets, weights, rate, limit):
    est = skseq.StatefulLSTMRegressor(
        **SMALL, learning_rate=rate, global_clipnorm=limit
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if refuses(est.fit, values, targets, sample_weight=weights):
            return
    if est._learnt.diverged_in is None:
        assert np.isfinite(est.loss_curve_).all()
        assert np.isfinite(est.predict(values)).all()
        return
    with pytest.raises(ValueError, match="diverged in epoch"):
        est.predict(values)
    assert not caught or any(
        issubclass(warning.category, DivergenceWarning) for warning in caught
    )
