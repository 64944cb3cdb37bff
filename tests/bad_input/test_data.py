"""Malformed parameters, data and files, handed to what needs no TensorFlow.

``O``, ``L`` and ``W`` make a OneHotSequence, LagFramer and SupervisedWindower; ``o``,
``l`` and ``w`` are fitted ones; ``file`` writes a file of some content.
"""

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from skseq import LagFramer, OneHotSequence, SupervisedWindower, datasets, metrics
from skseq.preprocessing import ForwardFiller, PerStep, pad_sequences

from .conftest import File, Made

CATALOGUE = [
    # Parameters of transformers.
    (
        'O(categories="all").fit(T)',
        ValueError,
        "The 'categories' parameter of OneHotSequence must be a str among {'auto'} "
        "or an array-like. Got 'all' instead.",
    ),
    (
        "O(categories=3).fit(T)",
        ValueError,
        "The 'categories' parameter of OneHotSequence must be a str among {'auto'} "
        "or an array-like. Got 3 instead.",
    ),
    (
        "O(categories=[]).fit(T)",
        ValueError,
        "categories must be 'auto' or a non-empty list of symbols; got an array of "
        "shape (0,).",
    ),
    (
        'O(categories=[["a"]]).fit(T)',
        ValueError,
        "categories must be 'auto' or a non-empty list of symbols; got an array of "
        "shape (1, 1).",
    ),
    (
        'O(categories=["a", "a", "b", "c"]).fit(T)',
        ValueError,
        "categories repeats ['a'].",
    ),
    (
        'O(categories=["a", None]).fit(T)',
        ValueError,
        "categories holds a missing value or the padding.",
    ),
    (
        'O(categories=["a", "b"]).fit(T)',
        ValueError,
        "X has symbols outside the alphabet: ['c'], first at row 0, step 2; the "
        "alphabet is ['a', 'b']. Name the whole alphabet in categories, or set "
        "handle_unknown='ignore'.",
    ),
    (
        "O(categories=[[1], [1, 2]]).fit(T)",
        ValueError,
        "Rows of different lengths make no array: fill them up with "
        "skseq.preprocessing.pad_sequences, or, before OneHotSequence, let its "
        "padding do so.",
    ),
    (
        'O(dtype="words").fit(T)',
        ValueError,
        "OneHotSequence: dtype must be a dtype of numbers or booleans; got 'words'.",
    ),
    (
        'O(dtype="datetime64[s]").fit(T)',
        ValueError,
        "OneHotSequence: dtype must be a dtype of numbers or booleans; got "
        "'datetime64[s]'.",
    ),
    (
        'O(handle_unknown="skip").fit(T)',
        ValueError,
        "The 'handle_unknown' parameter of OneHotSequence must be a str among "
        "{'error', 'ignore'}. Got 'skip' instead.",
    ),
    (
        "O(padding=[]).fit(T)",
        ValueError,
        "OneHotSequence: padding must be None or a symbol; got [].",
    ),
    (
        'O(padding="a", categories=["a", "b", "c"]).fit(T)',
        ValueError,
        "categories holds a missing value or the padding.",
    ),
    (
        'O(padding="x", dtype=object).fit(T)',
        ValueError,
        "OneHotSequence: dtype must be a dtype of numbers or booleans; got <class "
        "'object'>.",
    ),
    (
        'O(categorie="auto")',
        TypeError,
        "OneHotSequence.__init__() got an unexpected keyword argument 'categorie'",
    ),
    (
        'O("auto")',
        TypeError,
        "OneHotSequence.__init__() takes 1 positional argument but 2 were given",
    ),
    (
        "O().fit(None)",
        ValueError,
        "Expected 2D array, got scalar array instead:\n"
        "array=None.\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "O().fit(3)",
        ValueError,
        "Expected 2D array, got scalar array instead:\n"
        "array=3.\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        'O().fit("abc")',
        ValueError,
        "Expected 2D array, got scalar array instead:\n"
        "array=abc.\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "O().fit([])",
        ValueError,
        "Expected 2D array, got 1D array instead:\n"
        "array=[].\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "O().fit([[]])",
        ValueError,
        "Found array with 0 feature(s) (shape=(1, 0)) while a minimum of 1 is "
        "required by OneHotSequence.",
    ),
    (
        "O().fit(T[0])",
        ValueError,
        "Expected 2D array, got 1D array instead:\n"
        "array=['a' 'b' 'c'].\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "O().fit(T[:0])",
        ValueError,
        "Found array with 0 sample(s) (shape=(0, 3)) while a minimum of 1 is "
        "required by OneHotSequence.",
    ),
    (
        "O().fit(T[:, :0])",
        ValueError,
        "Found array with 0 feature(s) (shape=(2, 0)) while a minimum of 1 is "
        "required by OneHotSequence.",
    ),
    (
        "O().fit(T[:, :, None, None])",
        ValueError,
        "Found array with dim 4, while dim <= 2 is required by OneHotSequence.",
    ),
    (
        "O().fit(np.zeros((2, 3, 2)))",
        ValueError,
        "OneHotSequence expects one symbol per step, X of shape (n_sequences, "
        "n_timesteps) or (n_sequences, n_timesteps, 1); got shape (2, 3, 2).",
    ),
    (
        'O().fit([["a"], []])',
        ValueError,
        "X[1] has shape (0,); each sequence of a list must be (n_timesteps,) or "
        "(n_timesteps, n_features), with at least one step.",
    ),
    (
        'O().fit([["a"], ["a", None]])',
        ValueError,
        "Input X contains NaN or None at row 1, step 1. Fill it, or name it as "
        "padding: OneHotSequence(padding=numpy.nan).",
    ),
    (
        "O(sparse_output=2).fit(T)",
        ValueError,
        "The 'sparse_output' parameter of OneHotSequence must be an instance of "
        "'bool' or an instance of 'numpy.bool'. Got 2 instead.",
    ),
    (
        'O().fit([["a", None]])',
        ValueError,
        "Input X contains NaN or None at row 0, step 1. Fill it, or name it as "
        "padding: OneHotSequence(padding=numpy.nan).",
    ),
    (
        'O().fit([["a", np.nan]])',
        ValueError,
        "Input X contains NaN or None at row 0, step 1. Fill it, or name it as "
        "padding: OneHotSequence(padding=numpy.nan).",
    ),
    ("O().fit([[1.0, np.nan]])", ValueError, "Input X contains NaN."),
    (
        "O().fit([[1.0, np.inf]])",
        ValueError,
        "Input X contains infinity or a value too large for dtype('float64').",
    ),
    (
        "O().fit([[1.0, -np.inf]])",
        ValueError,
        "Input X contains infinity or a value too large for dtype('float64').",
    ),
    (
        'O().fit([["a", {}]])',
        TypeError,
        "Each symbol of the X argument must be hashable, such as a string or a "
        "number; got {} of type dict at row 0, step 1.",
    ),
    (
        'O().fit({"a": 1})',
        ValueError,
        "Expected 2D array, got scalar array instead:\n"
        "array={'a': 1}.\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "O(padding=-1).fit([[-1, -1]])",
        ValueError,
        "X holds nothing but the padding -1; OneHotSequence needs at least one symbol.",
    ),
    (
        'O().fit(np.array([["a", float("inf")]], dtype=object))',
        ValueError,
        "Input X contains infinity at row 0, step 1.",
    ),
    (
        "O().transform(T)",
        ValueError,
        "This OneHotSequence instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    ),
    (
        'o.transform([["d", "a", "b"]])',
        ValueError,
        "X has symbols outside the alphabet: ['d'], first at row 0, step 0; the "
        "alphabet is ['a', 'b', 'c']. Name the whole alphabet in categories, or "
        "set handle_unknown='ignore'.",
    ),
    (
        'o.transform([["a", "b"]])',
        ValueError,
        "X has 2 features, but OneHotSequence is expecting 3 features as input.",
    ),
    (
        "o.transform(T[:, :, None][:, :, [0, 0]])",
        ValueError,
        "X has 2 features per step, but OneHotSequence was fitted on one value per "
        "step: pass (n_sequences, n_timesteps) or (n_sequences, n_timesteps, 1).",
    ),
    (
        "o.transform(None)",
        ValueError,
        "Expected 2D array, got scalar array instead:\n"
        "array=None.\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "o.transform([[1, 2, 3]])",
        ValueError,
        "X has symbols outside the alphabet: [1, 2, 3], first at row 0, step 0; "
        "the alphabet is ['a', 'b', 'c']. Name the whole alphabet in categories, "
        "or set handle_unknown='ignore'.",
    ),
    (
        "o.transform([])",
        ValueError,
        "Expected 2D array, got 1D array instead:\n"
        "array=[].\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        'o.transform([["a", "b", None]])',
        ValueError,
        "Input X contains NaN or None at row 0, step 2. Fill it, or name it as "
        "padding: OneHotSequence(padding=numpy.nan).",
    ),
    (
        "o.inverse_transform(np.zeros((2, 3)))",
        ValueError,
        "X must have shape (n_sequences, n_timesteps, 3), the last axis being the "
        "alphabet; got shape (2, 3).",
    ),
    (
        "o.inverse_transform(np.zeros((2, 3, 4)))",
        ValueError,
        "X must have shape (n_sequences, n_timesteps, 3), the last axis being the "
        "alphabet; got shape (2, 3, 4).",
    ),
    (
        "o.inverse_transform(np.zeros((2, 3, 3)))",
        ValueError,
        "X is all zeros at row 0, step 0, which stands for no symbol.",
    ),
    (
        "o.inverse_transform(np.full((2, 3, 3), np.nan))",
        ValueError,
        "Input X contains NaN.",
    ),
    (
        'o.inverse_transform("abc")',
        ValueError,
        "Expected 2D array, got scalar array instead:\n"
        "array=abc.\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        'o.inverse_transform([[["a", "b", "c"]]])',
        ValueError,
        "dtype='numeric' is not compatible with arrays of bytes/strings.Convert "
        "your data to numeric values explicitly instead.",
    ),
    (
        'o.set_output(transform="arrow")',
        ValueError,
        "transform must be one of 'default', 'pandas', 'polars', None; got 'arrow'.",
    ),
    (
        "o.set_params(pad=3)",
        ValueError,
        "Invalid parameter 'pad' for estimator OneHotSequence(). Valid parameters "
        "are: ['categories', 'dtype', 'handle_unknown', 'padding', 'sparse_output'].",
    ),
    (
        "O().get_feature_names_out()",
        ValueError,
        "This OneHotSequence instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    ),
    (
        "L(0).fit(X)",
        ValueError,
        "The 'n_lags' parameter of LagFramer must be an int in the range [1, inf). "
        "Got 0 instead.",
    ),
    (
        "L(-1).fit(X)",
        ValueError,
        "The 'n_lags' parameter of LagFramer must be an int in the range [1, inf). "
        "Got -1 instead.",
    ),
    (
        "L(1.5).fit(X)",
        ValueError,
        "The 'n_lags' parameter of LagFramer must be an int in the range [1, inf). "
        "Got 1.5 instead.",
    ),
    (
        'L("2").fit(X)',
        ValueError,
        "The 'n_lags' parameter of LagFramer must be an int in the range [1, inf). "
        "Got '2' instead.",
    ),
    (
        'L(fill_value="x").fit(X)',
        ValueError,
        "The 'fill_value' parameter of LagFramer must be an instance of 'float'. "
        "Got 'x' instead.",
    ),
    (
        "L(fill_value=None).fit(X)",
        ValueError,
        "The 'fill_value' parameter of LagFramer must be an instance of 'float'. "
        "Got None instead.",
    ),
    (
        "filled.transform(X.astype(np.float32))",
        ValueError,
        "fill_value=1e+300 is infinite as float32; use a finite number or nan.",
    ),
    (
        "L(2).fit(None)",
        ValueError,
        "Expected 2D array, got scalar array instead:\n"
        "array=nan.\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "L(2).fit([])",
        ValueError,
        "Expected 2D array, got 1D array instead:\n"
        "array=[].\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "L(2).fit(X[0])",
        ValueError,
        "Expected 2D array, got 1D array instead:\n"
        "array=[0. 1. 2.].\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "L(2).fit(X[:, :, None])",
        ValueError,
        "Found array with dim 3, while dim <= 2 is required by LagFramer.",
    ),
    ("L(2).fit(np.where(X > 3, np.nan, X))", ValueError, "Input X contains NaN."),
    (
        "L(2).fit(np.where(X > 3, np.inf, X))",
        ValueError,
        "Input X contains infinity or a value too large for dtype('float64').",
    ),
    ('L(2).fit([["a"]])', ValueError, "could not convert string to float: 'a'"),
    (
        "L(2).fit([[1], [1, 2]])",
        ValueError,
        "Rows of different lengths make no array: fill them up with "
        "skseq.preprocessing.pad_sequences, or, before OneHotSequence, let its "
        "padding do so.",
    ),
    (
        "L(2).fit(X + 1j)",
        ValueError,
        "Complex data not supported\n"
        "[[ 0.+1.j  1.+1.j  2.+1.j]\n"
        " [ 3.+1.j  4.+1.j  5.+1.j]\n"
        " [ 6.+1.j  7.+1.j  8.+1.j]\n"
        " [ 9.+1.j 10.+1.j 11.+1.j]]\n",
    ),
    (
        "L(2).transform(X)",
        ValueError,
        "This LagFramer instance is not fitted yet. Call 'fit' with appropriate "
        "arguments before using this estimator.",
    ),
    (
        "l.transform(X[:, :2])",
        ValueError,
        "X has 2 features, but LagFramer is expecting 3 features as input.",
    ),
    (
        "l.transform(X[0])",
        ValueError,
        "Expected 2D array, got 1D array instead:\n"
        "array=[0. 1. 2.].\n"
        "Reshape your data either using array.reshape(-1, 1) if your data has a "
        "single feature or array.reshape(1, -1) if it contains a single sample.",
    ),
    ("l.transform(np.full((4, 3), np.nan))", ValueError, "Input X contains NaN."),
    (
        "l.inverse_transform(X)",
        ValueError,
        "X must have shape (n_rows, 2, 3); got shape (4, 3).",
    ),
    (
        "l.inverse_transform(np.zeros((2, 3, 3)))",
        ValueError,
        "X must have shape (n_rows, 2, 3); got shape (2, 3, 3).",
    ),
    (
        "L(2, 3)",
        TypeError,
        "LagFramer.__init__() takes from 1 to 2 positional arguments but 3 were given",
    ),
    (
        "W(0).fit(X)",
        ValueError,
        "The 'n_in' parameter of SupervisedWindower must be an int in the range "
        "[1, inf). Got 0 instead.",
    ),
    (
        "W(n_out=0).fit(X)",
        ValueError,
        "The 'n_out' parameter of SupervisedWindower must be an int in the range "
        "[1, inf). Got 0 instead.",
    ),
    (
        "W(n_in=2.0).fit(X)",
        ValueError,
        "The 'n_in' parameter of SupervisedWindower must be an int in the range "
        "[1, inf). Got 2.0 instead.",
    ),
    (
        "W(horizon=0).fit(X)",
        ValueError,
        "The 'horizon' parameter of SupervisedWindower must be an int in the range "
        "[1, inf). Got 0 instead.",
    ),
    (
        "W(step=0).fit(X)",
        ValueError,
        "The 'step' parameter of SupervisedWindower must be an int in the range "
        "[1, inf). Got 0 instead.",
    ),
    (
        "W(step=-1).fit(X)",
        ValueError,
        "The 'step' parameter of SupervisedWindower must be an int in the range "
        "[1, inf). Got -1 instead.",
    ),
    (
        'W(target="next").fit(X)',
        ValueError,
        "The 'target' parameter of SupervisedWindower must be a str among {'echo', "
        "'forecast'}. Got 'next' instead.",
    ),
    (
        'W(layout="rows").fit(X)',
        ValueError,
        "The 'layout' parameter of SupervisedWindower must be a str among "
        "{'sequences', 'series'}. Got 'rows' instead.",
    ),
    (
        'W(2, 3, target="echo").fit(X)',
        ValueError,
        "SupervisedWindower: an echo has at most n_in=2 targets; got n_out=3.",
    ),
    (
        'W(2, 1, target="echo", horizon=2).fit(X)',
        ValueError,
        "SupervisedWindower: horizon belongs to target='forecast'; got horizon=2 "
        "with target='echo'.",
    ),
    (
        "W(9).fit(X)",
        ValueError,
        "A window with its targets needs 10 values, but sequences [0] have [3] (a "
        "table of sequences: n_features = 3). Leave them out, lower n_in, n_out or "
        "horizon, or set fill_value to keep incomplete windows.",
    ),
    (
        "W(9).make_pairs(X)",
        ValueError,
        "A window with its targets needs 10 values, but sequences [0] have [3] (a "
        "table of sequences: n_features = 3). Leave them out, lower n_in, n_out or "
        "horizon, or set fill_value to keep incomplete windows.",
    ),
    (
        'W(9, layout="series").make_pairs(X[:, 0])',
        ValueError,
        "A window with its targets needs 10 values, but sequences [0] have [4] (a "
        "table of sequences: n_features = 4). Leave them out, lower n_in, n_out or "
        "horizon, or set fill_value to keep incomplete windows.",
    ),
    (
        "wide.transform(X)",
        ValueError,
        "The result would take 3.2e+04 GB, but this machine has … GB of memory; "
        "lower n_in.",
    ),
    (
        "W(2).make_pairs(None)",
        ValueError,
        "X must hold sequences or a series; got array(None, dtype=object).",
    ),
    (
        "W(2).make_pairs([])",
        ValueError,
        "Found array with 0 sample(s) (shape=(0,)) while a minimum of 1 is required.",
    ),
    (
        "W(2).make_pairs(3)",
        ValueError,
        "X must hold sequences or a series; got array(3).",
    ),
    (
        'W(2).make_pairs("abc")',
        ValueError,
        "X must hold sequences or a series; got array('abc', dtype='<U3').",
    ),
    (
        "W(2).make_pairs([[1, 2, 3], []])",
        ValueError,
        "Found array with 0 feature(s) (shape=(1, 0)) while a minimum of 1 is "
        "required.",
    ),
    (
        "W(2).make_pairs([[1, 2, 3], [1]])",
        ValueError,
        "A window with its targets needs 3 values, but sequences [1] have [1] (a "
        "table of sequences: n_features = 1). Leave them out, lower n_in, n_out or "
        "horizon, or set fill_value to keep incomplete windows.",
    ),
    (
        "W(2).make_pairs([[1, 2, 3], [1, 2, np.nan, 4]])",
        ValueError,
        "Input X[1] contains NaN.",
    ),
    (
        "W(2).make_pairs(np.zeros((2, 3, 4, 5)))",
        ValueError,
        "X must be (n_timesteps,), (n_sequences, n_timesteps) or (n_sequences, "
        "n_timesteps, n_features) with no empty axis; got shape (2, 3, 4, 5).",
    ),
    (
        "W(2).make_pairs(np.zeros((2, 0)))",
        ValueError,
        "Found array with 0 feature(s) (shape=(2, 0)) while a minimum of 1 is "
        "required.",
    ),
    (
        "W(2).make_pairs(X, X[:2])",
        ValueError,
        "y must have the sequences and steps of X: expected (4, 3), got (2, 3).",
    ),
    (
        "W(2).make_pairs(X, X[:, :2])",
        ValueError,
        "y must have the sequences and steps of X: expected (4, 3), got (4, 2).",
    ),
    (
        "W(2).make_pairs(X, 3)",
        ValueError,
        "y must hold sequences or a series; got array(3).",
    ),
    (
        "W(2).make_pairs([[1, 2, 3], [1, 2, 3, 4]], [[1, 2, 3]])",
        ValueError,
        "y must have the 2 sequences of X; got 1.",
    ),
    (
        "W(2).make_pairs([[1, 2, 3], [1, 2, 3, 4]], [[1, 2, 3], [1, 2, 3]])",
        ValueError,
        "y must have the sequences and steps of X: expected (1, 4), got (1, 3).",
    ),
    (
        "W(2).make_pairs(np.where(X > 3, np.nan, X))",
        ValueError,
        "Input X contains NaN.",
    ),
    (
        "W(2).make_pairs(np.where(X > 3, np.inf, X))",
        ValueError,
        "Input X contains infinity or a value too large for dtype('float64').",
    ),
    (
        'W(2).make_pairs([["a", None, "b"]])',
        ValueError,
        "Input X contains NaN or None at row 0, step 1. Fill it, or name it as "
        "padding: OneHotSequence(padding=numpy.nan).",
    ),
    (
        'W(2, layout="series").make_pairs(np.zeros((2, 3, 4)))',
        ValueError,
        "layout='series' reads one series, X of shape (n_timesteps,) or "
        "(n_timesteps, n_features); got shape (2, 3, 4). Use layout='sequences' "
        "for several.",
    ),
    (
        'W(2).make_pairs({"a": 1})',
        ValueError,
        "X must hold sequences or a series; got array({'a': 1}, dtype=object).",
    ),
    (
        "W(2).transform(X)",
        ValueError,
        "This SupervisedWindower instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    ),
    (
        "w.transform(X[:, :2])",
        ValueError,
        "X has 2 features, but SupervisedWindower is expecting 3 features as input.",
    ),
    (
        "w.transform(X[:, :, None][:, :, [0, 0]])",
        ValueError,
        "X has 2 features per step, but SupervisedWindower was fitted on one value "
        "per step: pass (n_sequences, n_timesteps) or (n_sequences, n_timesteps, "
        "1).",
    ),
    (
        "pad([])",
        ValueError,
        "sequences holds no sequence; at least one is required.",
    ),
    ("pad(3)", ValueError, "sequences must be a list of sequences; got 3."),
    ("pad(None)", ValueError, "sequences must be a list of sequences; got None."),
    (
        "pad([[]])",
        ValueError,
        "sequences[0] has shape (0,); each sequence of a list must be "
        "(n_timesteps,) or (n_timesteps, n_features), with at least one step.",
    ),
    (
        "pad([[1, 2], [[1, 2]]])",
        ValueError,
        "sequences[1] has shape (1, 2), but sequences[0] has shape (2,); all sequences "
        "must have the same features.",
    ),
    (
        "pad([[[1, 2]], [[1, 2, 3]]])",
        ValueError,
        "sequences[1] has shape (1, 3), but sequences[0] has shape (1, 2); all "
        "sequences must have the same features.",
    ),
    (
        "pad([[1, 2], []])",
        ValueError,
        "sequences[1] has shape (0,); each sequence of a list must be "
        "(n_timesteps,) or (n_timesteps, n_features), with at least one step.",
    ),
    (
        'pad("abc")',
        ValueError,
        "sequences[0] has shape (); each sequence of a list must be "
        "(n_timesteps,) or (n_timesteps, n_features), with at least one step.",
    ),
    # metrics
    (
        "metrics.sequence_accuracy([[1, 2]], [[1, 2], [1, 2]])",
        ValueError,
        "y_true and y_pred must have the same shape, a row per sequence, and not "
        "be empty; got (1, 2) and (2, 2).",
    ),
    (
        "metrics.sequence_accuracy([], [])",
        ValueError,
        "y_true and y_pred must have the same shape, a row per sequence, and not "
        "be empty; got (0,) and (0,).",
    ),
    (
        "metrics.sequence_accuracy(None, None)",
        ValueError,
        "y_true and y_pred must have the same shape, a row per sequence, and not "
        "be empty; got () and ().",
    ),
    (
        "metrics.sequence_accuracy(3, 3)",
        ValueError,
        "y_true and y_pred must have the same shape, a row per sequence, and not "
        "be empty; got () and ().",
    ),
    (
        "metrics.sequence_accuracy([[1], [2, 3]], [[1], [2]])",
        ValueError,
        "y_true and y_pred must have rows of the same lengths; row 1 has 2 true and 1 "
        "predicted values.",
    ),
    (
        "metrics.token_accuracy([[1, 2]], [[1, 2, 3]])",
        ValueError,
        "y_true and y_pred must have the same shape, a row per sequence, and not "
        "be empty; got (1, 2) and (1, 3).",
    ),
    (
        "metrics.token_accuracy([], [])",
        ValueError,
        "y_true and y_pred must have the same shape, a row per sequence, and not "
        "be empty; got (0,) and (0,).",
    ),
    (
        "metrics.chance_level([])",
        ValueError,
        "y_true and y_pred must have the same shape, a row per sequence, and not "
        "be empty; got (0,) and (0,).",
    ),
    (
        'metrics.chance_level([[1, 2]], per="word")',
        ValueError,
        "The 'per' parameter of chance_level must be a str among {'sequence', "
        "'token'}. Got 'word' instead.",
    ),
    (
        "metrics.chance_level(None)",
        ValueError,
        "The 'y' parameter of chance_level must be an array-like. Got None instead.",
    ),
    (
        "metrics.wilson_interval(1, 0)",
        ValueError,
        "The 'n_trials' parameter of wilson_interval must be an int in the range "
        "[1, inf). Got 0 instead.",
    ),
    (
        "metrics.wilson_interval(-1, 3)",
        ValueError,
        "The 'n_successes' parameter of wilson_interval must be an int in the "
        "range [0, inf). Got -1 instead.",
    ),
    (
        "metrics.wilson_interval(4, 3)",
        ValueError,
        "n_successes must be at most n_trials=3; got 4.",
    ),
    (
        "metrics.wilson_interval(1.5, 3)",
        ValueError,
        "The 'n_successes' parameter of wilson_interval must be an int in the "
        "range [0, inf). Got 1.5 instead.",
    ),
    (
        'metrics.wilson_interval("a", 3)',
        ValueError,
        "The 'n_successes' parameter of wilson_interval must be an int in the "
        "range [0, inf). Got 'a' instead.",
    ),
    (
        "metrics.wilson_interval(1, 3, confidence=2)",
        ValueError,
        "The 'confidence' parameter of wilson_interval must be a float in the "
        "range (0.0, 1.0). Got 2 instead.",
    ),
    (
        "metrics.wilson_interval(1, 3, confidence=np.nan)",
        ValueError,
        "The 'confidence' parameter of wilson_interval must be a float in the "
        "range (0.0, 1.0). Got nan instead.",
    ),
    (
        "metrics.memoryless_accuracy([], [])",
        ValueError,
        "X and y must have the same shape (n_sequences, n_timesteps) and not be "
        "empty; got (0,) and (0,).",
    ),
    (
        "metrics.memoryless_accuracy([[1.0, 2.0]], [[0, 1, 0]])",
        ValueError,
        "X and y must have the same shape (n_sequences, n_timesteps) and not be "
        "empty; got (1, 2) and (1, 3).",
    ),
    (
        "metrics.memoryless_accuracy([[np.nan, 2.0]], [[0, 1]])",
        ValueError,
        "X must be finite; it holds NaN or infinity.",
    ),
    (
        'metrics.memoryless_accuracy([["a", "b"]], [[0, 1]])',
        ValueError,
        "could not convert string to float: 'a'",
    ),
    # generators
    (
        "datasets.make_random_sequences(0)",
        ValueError,
        "The 'n_sequences' parameter of make_random_sequences must be an int in "
        "the range [1, inf). Got 0 instead.",
    ),
    (
        "datasets.make_random_sequences(-1)",
        ValueError,
        "The 'n_sequences' parameter of make_random_sequences must be an int in "
        "the range [1, inf). Got -1 instead.",
    ),
    (
        "datasets.make_random_sequences(2.5)",
        ValueError,
        "The 'n_sequences' parameter of make_random_sequences must be an int in "
        "the range [1, inf). Got 2.5 instead.",
    ),
    (
        "datasets.make_random_sequences(3, n_timesteps=0)",
        ValueError,
        "The 'n_timesteps' parameter of make_random_sequences must be an int in "
        "the range [1, inf). Got 0 instead.",
    ),
    (
        "datasets.make_random_sequences(3, n_values=1)",
        ValueError,
        "The 'n_values' parameter of make_random_sequences must be an int in the "
        "range [2, inf). Got 1 instead.",
    ),
    (
        'datasets.make_random_sequences(3, random_state="x")',
        ValueError,
        "The 'random_state' parameter of make_random_sequences must be an int in "
        "the range [0, 4294967295], an instance of "
        "'numpy.random.mtrand.RandomState' or None. Got 'x' instead.",
    ),
    (
        "datasets.make_echo(3, lag=-1)",
        ValueError,
        "The 'lag' parameter of make_echo must be an int in the range [0, inf). "
        "Got -1 instead.",
    ),
    (
        "datasets.make_echo(3, n_timesteps=5, lag=5)",
        ValueError,
        "lag must be smaller than n_timesteps=5; got 5.",
    ),
    (
        "datasets.make_cumulative_sum(3, limit=-1)",
        ValueError,
        "The 'limit' parameter of make_cumulative_sum must be a float in the range "
        "(0.0, inf) or None. Got -1 instead.",
    ),
    (
        "datasets.make_cumulative_sum(0)",
        ValueError,
        "The 'n_sequences' parameter of make_cumulative_sum must be an int in the "
        "range [1, inf). Got 0 instead.",
    ),
    (
        "datasets.make_value_memorization(n_symbols=1)",
        ValueError,
        "The 'n_symbols' parameter of make_value_memorization must be an int in "
        "the range [2, inf) or None. Got 1 instead.",
    ),
    (
        "datasets.make_ambiguous_pairs(0)",
        ValueError,
        "The 'n_sequences' parameter of make_ambiguous_pairs must be an int in the "
        "range [2, inf). Got 0 instead.",
    ),
    # files
    (
        'datasets.load_series_csv("nowhere.csv")',
        FileNotFoundError,
        "[Errno 2] No such file or directory: 'nowhere.csv'",
    ),
    (
        'datasets.load_series_csv(".")',
        IsADirectoryError,
        "[Errno 21] Is a directory: '.'",
    ),
    (
        "datasets.load_series_csv(3)",
        ValueError,
        "The 'path' parameter of load_series_csv must be an instance of 'str' or "
        "an instance of 'os.PathLike'. Got 3 instead.",
    ),
    (
        "long.transform(X)",
        ValueError,
        "The result would take 96 GB, but this machine has … GB of memory; lower "
        "n_lags.",
    ),
    (
        "W(2).make_pairs([[1, 2, 3], 4])",
        ValueError,
        "Rows of different lengths make no array: fill them up with "
        "skseq.preprocessing.pad_sequences, or, before OneHotSequence, let its "
        "padding do so.",
    ),
    (
        'datasets.load_series_csv(file(""))',
        ValueError,
        "given.csv: the file is empty; expected a header line.",
    ),
    (
        'datasets.load_series_csv(file("a\\n"))',
        ValueError,
        "given.csv cannot be read: the header on line 1 is followed by no data.",
    ),
    (
        'datasets.load_series_csv(file("a,b\\n1,2\\n3\\n"))',
        ValueError,
        "given.csv cannot be read: line 3: 1 fields, but the header on line 1 "
        "names 2 ('a', 'b').",
    ),
    (
        'datasets.load_series_csv(file("a,b\\n1,x\\n3,\\n"), values=["b"])',
        ValueError,
        "given.csv cannot be read: line 3: column 'b' is empty; line 2: column 'b' "
        "holds 'x', not a finite number.",
    ),
    (
        'datasets.load_series_csv(file("a,b\\n1,2\\n"), values=["c"])',
        ValueError,
        "given.csv cannot be read: line 1: no column named 'c'; the header names "
        "'a', 'b'.",
    ),
    (
        'datasets.load_series_csv(file("a,b\\n1,2\\n"), values=[])',
        ValueError,
        "values must name at least one column; got none.",
    ),
    (
        'datasets.load_series_csv(file("a,a\\n1,2\\n"))',
        ValueError,
        "given.csv cannot be read: line 1: column names must be given and unique; "
        "got ['a', 'a'].",
    ),
    (
        'datasets.load_series_csv(file("a,b\\n1,nan\\n2,inf\\n"))',
        ValueError,
        "given.csv cannot be read: line 2: column 'b' holds 'nan', not a finite "
        "number; line 3: column 'b' holds 'inf', not a finite number.",
    ),
    (
        'datasets.load_series_csv(file("\\0\\1"))',
        ValueError,
        "given.csv cannot be read: the header on line 1 is followed by no data.",
    ),
    (
        'datasets.load_series_csv(file(b"\\xff\\xfea\\n"))',
        ValueError,
        "given.csv cannot be read: it is not UTF-8 text (byte 0). Save it as UTF-8, "
        "or name its encoding: read_options={'encoding': …}.",
    ),
    (
        'datasets.load_series_csv(file("a,b\\n1,2\\n"), time=3)',
        ValueError,
        "The 'time' parameter of load_series_csv must be an instance of 'str', an "
        "instance of 'list', an instance of 'tuple' or None. Got 3 instead.",
    ),
    (
        'datasets.load_sequences_csv(file(""))',
        ValueError,
        "given.csv: the file is empty; expected a header line.",
    ),
    (
        'datasets.load_sequences_csv(file("a,b\\n1,2\\n"))',
        ValueError,
        "given.csv cannot be read: line 1: no column named 'sequence', 'step', "
        "'label'; the header names 'a', 'b'.",
    ),
    (
        'datasets.load_sequences_csv(file("sequence,step,label,x\\n1,1,a,0\\n1,1,a,0\\n"))',
        ValueError,
        "given.csv cannot be read: line 3: sequence '1' has step 1 already on line 2.",
    ),
    (
        "datasets.load_sequences_csv("
        'file("sequence,step,label,x\\n1,1,a,0\\n1,2,b,0\\n"), framing="last")',
        ValueError,
        "given.csv cannot be read: line 2: sequence '1' has the labels 'a', 'b', "
        "but framing='last' needs one.",
    ),
    (
        'datasets.load_sequences_csv(file("sequence,step,label,x\\n1,1,a,0\\n2,1,b,0\\n2,2,b,0\\n"))',
        ValueError,
        "given.csv cannot be read: sequences have from 1 ('1') to 2 ('2') steps; "
        "give a fill_value to pad them.",
    ),
    (
        'datasets.load_sequences_csv(file("sequence,step,label,x\\n1,one,a,zero\\n"))',
        ValueError,
        "given.csv cannot be read: line 2: column 'step' holds 'one', not a finite "
        "number; line 2: column 'x' holds 'zero', not a finite number.",
    ),
    (
        'datasets.load_sequences_csv("nowhere.csv")',
        FileNotFoundError,
        "[Errno 2] No such file or directory: 'nowhere.csv'",
    ),
    (
        'datasets.load_sequences_csv(file("sequence,step,label\\n1,1,a\\n"), '
        'framing="all")',
        ValueError,
        "The 'framing' parameter of load_sequences_csv must be a str among "
        "{'last', 'per_step'}. Got 'all' instead.",
    ),
    # Steps: transformers, scorers, dates, what pandas reads, memory.
    (
        "P(3).fit(X)",
        ValueError,
        "The 'transformer' parameter of PerStep must be an object implementing "
        "'fit' and 'transform'. Got 3 instead.",
    ),
    (
        "P(StandardScaler).fit(X)",
        TypeError,
        "Expected an estimator instance (StandardScaler()), got estimator class "
        "instead (StandardScaler).",
    ),
    (
        'P(StandardScaler(), mask_value="x").fit(X)',
        ValueError,
        "The 'mask_value' parameter of PerStep must be an instance of 'float' or "
        "None. Got 'x' instead.",
    ),
    (
        "P()",
        TypeError,
        "PerStep.__init__() missing 1 required positional argument: 'transformer'",
    ),
    (
        "P(StandardScaler(), mask_value=3).fit(np.full((2, 3), 3.0))",
        ValueError,
        "X holds nothing but the padding 3; PerStep needs at least one real step.",
    ),
    (
        "P(StandardScaler()).fit(np.where(X > 3, np.inf, X))",
        ValueError,
        "Input X contains infinity or a value too large for dtype('float64').",
    ),
    (
        'P(StandardScaler()).fit([["a", "b"]])',
        ValueError,
        "could not convert string to float: np.str_('a')",
    ),
    (
        "P(StandardScaler()).fit(X[0])",
        ValueError,
        "Expected 2D array, got 1D array instead:\narray=[0. 1. 2.].\nReshape your "
        "data either using array.reshape(-1, 1) if your data has a single feature"
        " or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "P(StandardScaler()).fit(None)",
        ValueError,
        "Expected 2D array, got scalar array instead:\narray=None.\nReshape your "
        "data either using array.reshape(-1, 1) if your data has a single feature"
        " or array.reshape(1, -1) if it contains a single sample.",
    ),
    (
        "P(StandardScaler()).fit([np.zeros(2), np.zeros((2, 2))])",
        ValueError,
        "X[1] has shape (2, 2), but X[0] has shape (2,); all sequences must have the "
        "same features.",
    ),
    (
        "P(StandardScaler()).fit([np.zeros(2), np.zeros(0)])",
        ValueError,
        "X[1] has shape (0,); each sequence of a list must be (n_timesteps,) or "
        "(n_timesteps, n_features), with at least one step.",
    ),
    (
        "P(StandardScaler()).transform(X)",
        ValueError,
        "This PerStep instance is not fitted yet. Call 'fit' with appropriate "
        "arguments before using this estimator.",
    ),
    (
        "P(StandardScaler()).inverse_transform(X)",
        ValueError,
        "This PerStep instance is not fitted yet. Call 'fit' with appropriate "
        "arguments before using this estimator.",
    ),
    (
        "p.transform(X3[:, :, :1])",
        ValueError,
        "X has 1 features per step, but PerStep is expecting 2.",
    ),
    (
        "p.transform([X3[0], X3[1, :2, :1]])",
        ValueError,
        "X[1] has shape (2, 1), but X[0] has shape (3, 2); all sequences must have "
        "the same features.",
    ),
    (
        "p.inverse_transform(X3[:, :, :1])",
        ValueError,
        "X has 1 features per step, but StandardScaler gave 2.",
    ),
    (
        "p.inverse_transform(X3[0, 0])",
        ValueError,
        "X must have shape (n_sequences, n_timesteps[, n_features]) with no empty"
        " axis; got shape (2,).",
    ),
    (
        'coded.transform([["a", "c"]])',
        ValueError,
        "Found unknown categories [np.str_('c')] in column 0 during transform",
    ),
    (
        'F(mask_value="x").fit(X)',
        ValueError,
        "The 'mask_value' parameter of ForwardFiller must be an instance of "
        "'float' or None. Got 'x' instead.",
    ),
    (
        'F().fit([["a", "b"]])',
        ValueError,
        "X must hold numbers: could not convert string to float: np.str_('a').",
    ),
    (
        "F().fit(np.where(X > 3, np.inf, X))",
        ValueError,
        "Input X contains infinity or a value too large for dtype('float64').",
    ),
    (
        "F().fit(X + 1j)",
        ValueError,
        "Complex data not supported\n[[ 0.+1.j  1.+1.j  2.+1.j]\n [ 3.+1.j  4.+1.j"
        "  5.+1.j]\n [ 6.+1.j  7.+1.j  8.+1.j]\n [ 9.+1.j 10.+1.j 11.+1.j]]\n",
    ),
    (
        "F().transform(X)",
        ValueError,
        "This ForwardFiller instance is not fitted yet. Call 'fit' with "
        "appropriate arguments before using this estimator.",
    ),
    (
        "f.transform(X3[:, :, :1])",
        ValueError,
        "X has 1 features per step, but ForwardFiller is expecting 2.",
    ),
    (
        'metrics.step_scorer("f1")',
        ValueError,
        "The 'score_func' parameter of step_scorer must be a callable. Got 'f1' "
        "instead.",
    ),
    (
        'metrics.step_scorer(metrics.token_accuracy, response_method="say")',
        ValueError,
        "The 'response_method' parameter of step_scorer must be a str among "
        "{'decision_function', 'predict', 'predict_proba'}. Got 'say' instead.",
    ),
    (
        "metrics.step_scorer(metrics.token_accuracy, greater_is_better=2)",
        ValueError,
        "The 'greater_is_better' parameter of step_scorer must be an instance of "
        "'bool' or an instance of 'numpy.bool'. Got 2 instead.",
    ),
    (
        "metrics.step_scorer(metrics.token_accuracy).set_score_request(colour=True)",
        TypeError,
        "step_scorer routes sample_weight and groups; got 'colour'.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n2024-01-01,1\\n2024-01-03,2\\n"), '
        'frequency="D")',
        ValueError,
        "given.csv cannot be read: 1 date is missing, 2024-01-02, of frequency "
        "'D'; missing='nan', 'forward' or 'interpolate' fills.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n2024-01-01,1\\n2024-01-01,2\\n"))',
        ValueError,
        "given.csv cannot be read: line 3: '2024-01-01' is already on line 2; "
        "doubled='first', 'last' or 'mean' keeps one.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n2024-01-02,1\\n2024-01-01,2\\n"))',
        ValueError,
        "given.csv cannot be read: line 3: '2024-01-01' comes before '2024-01-02'"
        " on line 2; unordered='sort' puts dates in order.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n2024-01-01,1\\n2024-01-02,2\\n"), '
        'frequency="day")',
        ValueError,
        "frequency must be 'infer', None or a frequency of pandas, such as 'D', "
        "'h', '15min' or 'MS'; got 'day'.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n2024-01-01,1\\n2024-01-02,2\\n"), '
        'frequency="-1D")',
        ValueError,
        "frequency must go forward; got '-1D'.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n2024-01-01,1\\n2034-01-02,2\\n"), '
        'frequency="ns")',
        ValueError,
        "The result would take 4.04e+10 GB, but this machine has … GB of memory; "
        "lower the frequency.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n2024-01-01,1\\n2024-01-02 03:00,2\\n"), '
        'frequency="D")',
        ValueError,
        "given.csv cannot be read: line 3: '2024-01-02 03:00' is no date of "
        "frequency='D'.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n2024-01-01,1\\nsoon,2\\n2024-01-03,3\\n"))',
        ValueError,
        "given.csv cannot be read: line 3: 'soon' is no date in ISO 8601; give "
        "date_format, such as '%d.%m.%Y' or '%m/%d/%Y', or frequency=None to take"
        " times as names.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n2024-01-01,1\\n"), '
        'date_format="%d.%m.%Y")',
        ValueError,
        "given.csv cannot be read: line 2: '2024-01-01' is no date of the form "
        "'%d.%m.%Y'.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), time=[])',
        ValueError,
        "time must name one column or two; got [].",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n2024-01-01,1\\n2024-02-01,2\\n"), '
        'frequency="M")',
        ValueError,
        "frequency must be 'infer', None or a frequency of pandas, such as 'D', "
        "'h', '15min' or 'MS'; got 'M', which is 'ME' today.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), missing="guess")',
        ValueError,
        "The 'missing' parameter of load_series_csv must be a str among "
        "{'forward', 'interpolate', 'nan', 'refuse'}. Got 'guess' instead.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), doubled="both")',
        ValueError,
        "The 'doubled' parameter of load_series_csv must be a str among {'first',"
        " 'last', 'mean', 'refuse'}. Got 'both' instead.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), unordered="shuffle")',
        ValueError,
        "The 'unordered' parameter of load_series_csv must be a str among "
        "{'refuse', 'sort'}. Got 'shuffle' instead.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,?\\n"), read_options={"na_values": '
        '"?"})',
        ValueError,
        "given.csv cannot be read: line 2: column 'v' is missing ('?').",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), read_options={"decimals": '
        '","})',
        ValueError,
        "read_options cannot have 'decimals'; of the options of pandas.read_csv "
        "it may have 'decimal', 'encoding', 'na_values', 'quotechar', "
        "'skipfooter', 'skipinitialspace', 'skiprows', 'thousands'. What else "
        "there is to say has a parameter of its own.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), read_options={"usecols": [0]})',
        ValueError,
        "read_options cannot have 'usecols'; of the options of pandas.read_csv it"
        " may have 'decimal', 'encoding', 'na_values', 'quotechar', 'skipfooter',"
        " 'skipinitialspace', 'skiprows', 'thousands'. What else there is to say "
        "has a parameter of its own.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), read_options={"skipfooter": '
        "-1})",
        ValueError,
        "The 'skipfooter' parameter of load_series_csv must be an int in the "
        "range [0, inf). Got -1 instead.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), read_options={"decimal": ","})',
        ValueError,
        "decimal and delimiter must be different characters; both are ','.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), read_options={"thousands": '
        "\"''\"})",
        ValueError,
        "thousands must be a single character; got \"''\".",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), read_options={"encoding": '
        '"klingon"})',
        ValueError,
        "read_options: there is no encoding 'klingon'; take one that Python "
        "knows, such as 'utf-8', 'latin-1' or 'cp1252'.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), read_options={"encoding": '
        '"utf-16"})',
        ValueError,
        "given.csv cannot be read: the header on line 1 is followed by no data.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), read_options=["decimal"])',
        ValueError,
        "The 'read_options' parameter of load_series_csv must be an instance of "
        "'dict' or None. Got ['decimal'] instead.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), delimiter="::")',
        ValueError,
        "delimiter must be a single character; got '::'.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), read_options={"skiprows": 2})',
        ValueError,
        "given.csv: the file is empty; expected a header line.",
    ),
    (
        'datasets.load_series_csv(file("d,v\\n1,2\\n"), read_options={"skipfooter": '
        "2})",
        ValueError,
        "given.csv: skipfooter leaves no header line.",
    ),
    (
        'datasets.load_sequences_csv(file("sequence,day,label,x\\n1,2024-01-01,a,0\\n'
        '1,2024-01-01,a,0\\n"), time="day")',
        ValueError,
        "given.csv cannot be read: line 3: sequence '1': '2024-01-01' is already "
        "on line 2; doubled='first', 'last' or 'mean' keeps one.",
    ),
    (
        'datasets.load_sequences_csv(file("sequence,day,label,x\\n1,later,a,0\\n"), '
        'time="day")',
        ValueError,
        "given.csv cannot be read: line 2: 'later' is no date in ISO 8601; give "
        "date_format, such as '%d.%m.%Y' or '%m/%d/%Y'.",
    ),
    (
        'datasets.load_sequences_csv(file("sequence,step,label,x\\n1,1,a,0\\n"), '
        'time=["a", "b", "c"])',
        ValueError,
        "time must name one column or two; got ['a', 'b', 'c'].",
    ),
    (
        'datasets.load_sequences_csv(file("sequence,step,label,x\\n1,1,a,b\\n"), '
        'features_are="symbols", missing="interpolate")',
        ValueError,
        "missing='interpolate' and doubled='mean' need numbers, but "
        "features_are='symbols'; use 'forward', 'first' or 'last'.",
    ),
    (
        "datasets.sequences_from_frame(table)",
        ValueError,
        "frame cannot be read: row 1: column 'x' is empty.",
    ),
    (
        "datasets.sequences_from_frame(table[:0])",
        ValueError,
        "frame cannot be read: it has no rows.",
    ),
    (
        'datasets.sequences_from_frame(table, label="y")',
        ValueError,
        "frame cannot be read: no column named 'y'; the header names 'sequence', "
        "'step', 'label', 'x'.",
    ),
    (
        "datasets.sequences_from_frame([1, 2])",
        ValueError,
        "The 'frame' parameter of sequences_from_frame must be an object "
        "implementing 'reset_index'. Got [1, 2] instead.",
    ),
    (
        'datasets.sequences_from_frame(table, missing="forward", features=[])',
        ValueError,
        "features must name at least one column; got none.",
    ),
    (
        "datasets.make_echo(10**13)",
        ValueError,
        "The result would take 8e+05 GB, but this machine has … GB of memory; "
        "lower n_sequences or n_timesteps.",
    ),
    (
        "datasets.make_value_memorization(n_symbols=10**13)",
        ValueError,
        "The result would take 8e+04 GB, but this machine has … GB of memory; "
        "lower n_symbols or body_length.",
    ),
    (
        "datasets.make_adding(10**13)",
        ValueError,
        "The result would take 1.6e+07 GB, but this machine has … GB of memory; "
        "lower n_sequences or n_timesteps.",
    ),
    (
        "W(10**6).make_pairs(np.zeros((1, 2 * 10**6)))",
        ValueError,
        "The result would take 8e+03 GB, but this machine has … GB of memory; "
        "lower n_in.",
    ),
    (
        "pad([np.zeros(10**6), *[[1.0]] * 10**5])",
        ValueError,
        "The result would take 800 GB, but this machine has … GB of memory; "
        "lower the length of the longest sequence.",
    ),
]


# pytest finds no test whose name, given to it, holds a backslash.
@pytest.mark.parametrize(
    ("call", "error", "message"),
    CATALOGUE,
    ids=[call.replace("\\", "/") for call, *_ in CATALOGUE],
)
def test_a_malformed_call_is_refused(call, error, message, refused):
    symbols = np.array([["a", "b", "c"], ["c", "a", "a"]])
    numbers = np.arange(12.0).reshape(4, 3)
    refused(
        call,
        error,
        message,
        O=Made(OneHotSequence),
        L=Made(LagFramer),
        W=Made(SupervisedWindower),
        T=symbols,
        X=numbers,
        o=OneHotSequence().fit(symbols),
        l=LagFramer(2).fit(numbers),
        w=SupervisedWindower(2).fit(numbers),
        filled=LagFramer(2, fill_value=1e300).fit(numbers),
        long=LagFramer(10**9).fit(numbers),
        wide=SupervisedWindower(10**12, fill_value=0).fit(numbers),
        P=Made(PerStep),
        F=Made(ForwardFiller),
        X3=np.arange(24.0).reshape(4, 3, 2),
        p=PerStep(StandardScaler()).fit(np.arange(24.0).reshape(4, 3, 2)),
        f=ForwardFiller().fit(np.arange(24.0).reshape(4, 3, 2)),
        coded=PerStep(OneHotEncoder()).fit([["a", "b"]]),
        StandardScaler=StandardScaler,
        table=pd.DataFrame(
            {"sequence": [1, 1], "step": [1, 2], "label": ["a", "a"], "x": [1, np.nan]}
        ),
        pad=pad_sequences,
        metrics=metrics,
        datasets=datasets,
        file=File(),
    )


def test_the_catalogue_repeats_nothing():
    calls = [call for call, *_ in CATALOGUE]
    assert len(set(calls)) == len(calls)
