"""What a network looks like: its layers, and how its outputs are read."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from skseq.networks import gru, lstm, rnn

__all__ = ["CELLS", "NetworkSpec", "RecurrentLayer"]

# Each cell is a package that has the same names; see `skseq.networks.lstm`.
CELLS: dict[str, ModuleType] = {"lstm": lstm, "gru": gru, "rnn": rnn}


@dataclass(frozen=True)
class RecurrentLayer:
    """One walk through time.

    Attributes
    ----------
    name : str
        Its name in the Keras model.
    cell : str
        A key of ``CELLS``.
    n_inputs, units : int
        Width of its input and of its state.
    every_step : bool
        Whether its output is read at every step, or after the last alone.
    """

    name: str
    cell: str
    n_inputs: int
    units: int
    every_step: bool

    @property
    def weight_shapes(self) -> list[tuple[int, ...]]:
        """Shapes of its weights, in their order."""
        return CELLS[self.cell].weight_shapes(self.n_inputs, self.units)

    @property
    def n_states(self) -> int:
        """Arrays of ``units`` numbers that it carries from step to step."""
        return CELLS[self.cell].N_STATES


@dataclass(frozen=True)
class NetworkSpec:
    """What a network looks like; equal specs share one compiled program.

    Attributes
    ----------
    topology : {"recurrent", "encoder_decoder"}
        A single LSTM, or an encoder LSTM whose last output is repeated as the
        input of a decoder LSTM.
    units : int
        Width of each recurrent layer.
    n_features : int
        Features per time step; the number of symbols where ``tokens``.
    piece_steps : int
        Time steps in a piece.
    readout : {"per_step", "last"}
        Whether the output layer reads every time step or the last state.
    out_steps : int
        Steps of the output: ``piece_steps`` where ``readout="per_step"``,
        the length of the decoded sequence, or the number of output vectors
        that the last state gives.
    out_width : int
        Width of the output at each of its steps.
    tokens : bool
        Whether inputs are symbol indices ``(batch, piece_steps, 1)`` instead of
        features ``(batch, piece_steps, n_features)``: the same as one-hot
        features, by lookup instead of by product.
    masked : bool
        Whether a mask ``(batch, piece_steps)`` says which steps are real.
    dtype : {"float32", "float64"}
        Precision of weights and arithmetic.
    cell : str
        What the recurrent layers are made of; a key of ``CELLS``.
    """

    topology: str
    units: int
    n_features: int
    piece_steps: int
    readout: str
    out_steps: int
    out_width: int
    tokens: bool = False
    masked: bool = False
    dtype: str = "float32"
    cell: str = "lstm"

    @property
    def layers(self) -> tuple[RecurrentLayer, ...]:
        """The recurrent layers, in the order of data and of weights.

        Outputs of every step are made only where they are read: gradients by outputs
        that nobody reads cost time and compilations.
        """
        if self.decodes:
            return (
                self._layer("encoder", self.n_features, every_step=False),
                self._layer("decoder", self.units, every_step=True),
            )
        return (self._layer(self.cell, self.n_features, every_step=self.answers_steps),)

    @property
    def decodes(self) -> bool:
        """Whether a second layer writes an output sequence of its own length."""
        return self.topology == "encoder_decoder"

    @property
    def answers_steps(self) -> bool:
        """Whether there is an output for each step of the input."""
        return self.readout == "per_step" and not self.decodes

    @property
    def head_width(self) -> int:
        """Width of the output layer: of all output vectors at once where the last
        state gives several."""
        several = self.readout == "last" and not self.decodes
        return self.out_width * (self.out_steps if several else 1)

    @property
    def weight_shapes(self) -> list[tuple[int, ...]]:
        """Shapes of all weights, in their order: layer by layer, then the head."""
        shapes = [shape for layer in self.layers for shape in layer.weight_shapes]
        return [*shapes, (self.units, self.head_width), (self.head_width,)]

    @property
    def state_widths(self) -> list[int]:
        """Widths of all arrays of state, layer by layer."""
        return [layer.units for layer in self.layers for _ in range(layer.n_states)]

    def _layer(self, name: str, n_inputs: int, *, every_step: bool) -> RecurrentLayer:
        return RecurrentLayer(name, self.cell, n_inputs, self.units, every_step)
