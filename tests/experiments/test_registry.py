"""Names become components, and metrics know what a framing filled in."""

import pytest
from sklearn.preprocessing import MinMaxScaler

from skseq.experiments import registry
from skseq.metrics import rounded_accuracy, token_accuracy
from skseq.preprocessing import LagFramer
from skseq.training.options import CLIPPING


def test_an_entry_becomes_a_component():
    lags = registry.build("transformer", {"name": "LagFramer", "params": {"n_lags": 3}})
    assert isinstance(lags, LagFramer)
    assert lags.n_lags == 3
    scaler = registry.build("transformer", {"name": "MinMaxScaler"})
    assert isinstance(scaler, MinMaxScaler)


@pytest.mark.parametrize("framing", [None, {}, {"n_in": 2}, {"fill_value": None}])
def test_a_metric_without_padding_is_the_metric(framing):
    assert registry.metric("token_accuracy", framing) is token_accuracy


def test_what_was_filled_in_does_not_count():
    score = registry.metric("token_accuracy", {"n_in": 2, "fill_value": 9})
    assert score([[9, 1], [2, 3]], [[5, 1], [2, 4]]) == pytest.approx(2 / 3)


def test_a_metric_that_knows_no_padding_is_left_alone():
    assert registry.metric("rounded_accuracy", {"fill_value": 9}) is rounded_accuracy


def test_parameters_of_an_estimator_include_what_all_its_optimizers_take():
    def routed(*optimizers):
        names = registry.parameters("estimator", "Seq2SeqEcho", optimizers)
        return {name for name in names if name.startswith("optimizer__")}

    common = {"clipnorm", "clipvalue", "global_clipnorm", "weight_decay"}
    assert routed("adam") >= {f"optimizer__{name}" for name in (*common, "beta_1")}
    assert routed("adam", "sgd") == {f"optimizer__{name}" for name in common}
    assert "units" in registry.parameters("estimator", "Seq2SeqEcho")


def test_routed_values_are_checked():
    message = registry.value_error(
        "estimator", "Seq2SeqEcho", "optimizer__momentum", 1.5
    )
    assert message == (
        "The 'optimizer__momentum' parameter of Seq2SeqEcho must be a float in the "
        "range [0.0, 1.0]. Got 1.5 instead."
    )


@pytest.mark.parametrize(
    ("kind", "name", "parameter"),
    [
        ("transformer", "LagFramer", "n_lags"),
        ("generator", "make_random_sequences", "n_timesteps"),
        ("baseline", "Ridge", "alpha"),
    ],
)
def test_values_are_checked_by_the_component_itself(kind, name, parameter):
    message = registry.value_error(kind, name, parameter, "one")
    assert message.startswith(f"The '{parameter}' parameter of {name} must be ")
    assert registry.value_error(kind, name, parameter, 1) == ""


def test_what_has_no_check_takes_any_value():
    assert registry.value_error("transformer", "LagFramer", "unheard_of", "one") == ""
    assert registry.value_error("metric", "token_accuracy", "padding", "one") == ""


def test_an_unknown_optimizer_takes_what_every_one_takes():
    given = registry.parameters("estimator", "Seq2SeqEcho", ["adm"])
    routed = [name for name in given if name.startswith("optimizer__")]
    assert routed == [f"optimizer__{name}" for name in sorted(CLIPPING)]
