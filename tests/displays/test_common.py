"""What holds for all displays, with estimators of every kind."""

import inspect
import io
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from skseq import displays

ALL = [name for name in displays.__all__ if name.endswith("Display")]
KINDS = [
    "last",
    "steps",
    "padded",
    "listed",
    "numbers",
    "gru",
    "both",
    "echo",
    "encoder_decoder",
    "decoder_of_numbers",
    "pipeline",
    "search",
]
NUMBERS = ["numbers", "decoder_of_numbers", "search"]
# The kinds that each can draw, where not all, and what it takes beside estimator and X.
TAKEN = {
    "AccuracyDisplay": (KINDS, True),
    "ForecastDisplay": (["forecaster"], False),
    "GridDisplay": (["search"], None),
    "InfluenceDisplay": (KINDS, False),
    "LagDisplay": (KINDS, None),
    "LossCurveDisplay": (KINDS, None),
    "MemoryDisplay": (KINDS, False),
    "PredictionDisplay": (KINDS, True),
    "SequenceDisplay": (KINDS, True),
    "SuccessDisplay": ([kind for kind in KINDS if kind not in NUMBERS], True),
}
PAIRS = [(name, kind) for name, (kinds, _) in TAKEN.items() for kind in kinds]


def draw(name, fit, ax=None, **more):
    """Draw by `from_estimator`, with whatever it takes."""
    make = getattr(displays, name).from_estimator
    targets = TAKEN[name][1]
    if name == "LagDisplay":
        return make(fit.estimator, {1: (fit.X, fit.y), 2: (fit.X, fit.y)}, ax=ax)
    if name == "MemoryDisplay":
        more = {"names": ["output"], **more}  # a panel instead of five
    if name == "AccuracyDisplay" and fit.y is not None:
        more = {"tolerance": 0.1, **more} if np.ndim(fit.y[0]) == 0 else more
        kind = np.asarray(fit.y[0]).dtype.kind
        more = {"tolerance": 0.1, **more} if kind == "f" else {}
    if targets is None:
        return make(fit.estimator, ax=ax, **more)
    if targets:
        return make(fit.estimator, fit.X, fit.y, ax=ax, **more)
    return make(fit.estimator, fit.X, ax=ax, **more)


def new_axes():
    from matplotlib.figure import Figure

    return Figure(figsize=(7, 4), layout="constrained").add_subplot()


def picture(display):
    """The bytes of a display drawn anew."""
    drawn = io.BytesIO()
    display.plot(new_axes()).figure_.savefig(drawn, metadata={"Software": None})
    return drawn.getvalue()


def test_every_display_is_tested_here():
    assert set(TAKEN) == set(ALL)


@pytest.mark.parametrize(("name", "kind"), PAIRS)
def test_it_draws_into_axes_that_it_is_given(name, kind, fits):
    import matplotlib.pyplot as plt

    ax = new_axes()
    display = draw(name, fits[kind], ax)
    assert isinstance(display, getattr(displays, name))
    assert display.ax_ is ax
    assert display.figure_ is ax.figure
    panels = getattr(display, "axes_", [ax])
    assert all(panel.has_data() for panel in panels)
    assert plt.get_fignums() == []


@pytest.mark.parametrize("name", ALL)
def test_it_makes_a_figure_of_pyplot_otherwise(name, fits):
    import matplotlib.pyplot as plt

    display = draw(name, fits[TAKEN[name][0][0]])
    assert plt.figure(plt.get_fignums()[0]) is display.figure_
    display.figure_.canvas.draw()


@pytest.mark.parametrize("name", ALL)
def test_its_data_draw_the_same_again(name, fits):
    display = draw(name, fits[TAKEN[name][0][0]], new_axes())
    kept = {
        parameter: getattr(display, parameter)
        for parameter in inspect.signature(type(display)).parameters
    }
    assert set(vars(display)) - {"ax_", "axes_", "figure_"} == set(kept)
    assert picture(type(display)(**kept)) == picture(display)


@pytest.mark.parametrize("name", ALL)
def test_axes_say_what_they_show(name, fits):
    display = draw(name, fits[TAKEN[name][0][0]], new_axes())
    panels = getattr(display, "axes_", [display.ax_])
    assert panels[-1].get_xlabel() or name == "ForecastDisplay"  # dates say it
    if name == "GridDisplay":
        return  # of one parameter, which stands across
    for panel in panels:
        named = any(label.get_text().strip() for label in panel.get_yticklabels())
        assert panel.get_ylabel() or named


@pytest.mark.parametrize(
    "name", [name for name in ALL if name not in ("GridDisplay", "LagDisplay")]
)
def test_what_is_not_fitted_is_refused_and_nothing_drawn(name, fits):
    import matplotlib.pyplot as plt

    fit = fits[TAKEN[name][0][0]]
    bare = type(fit)(**{**vars(fit), "estimator": clone(fit.estimator)})
    with pytest.raises(NotFittedError):
        draw(name, bare)
    assert plt.get_fignums() == []


def test_importing_them_imports_neither_matplotlib_nor_tensorflow():
    code = (
        "import sys, skseq.displays\n"
        "print({'matplotlib', 'tensorflow', 'keras'} & set(sys.modules))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert printed.stdout.strip() == "set()"
