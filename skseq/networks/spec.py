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
    backwards : bool
        Whether it walks from a row's last step to its first.
    """

    name: str
    cell: str
    n_inputs: int
    units: int
    every_step: bool
    backwards: bool = False

    @property
    def weight_shapes(self) -> list[tuple[int, ...]]:
        """Shapes of its weights, in their order."""
        return CELLS[self.cell].weight_shapes(self.n_inputs, self.units)

    @property
    def n_states(self) -> int:
        """Arrays of ``units`` numbers that it carries from step to step."""
        return CELLS[self.cell].N_STATES


# One layer, or two that read the same in both directions, side by side.
Level = tuple[RecurrentLayer, ...]


@dataclass(frozen=True)
class NetworkSpec:
    """What a network looks like; equal specs share one compiled program.

    Attributes
    ----------
    topology : {"recurrent", "encoder_decoder"}
        Layers that read, and an output layer; or layers that read (the encoder), whose
        last output is repeated as the input of others (the decoder).
    units : int or tuple of int
        Width of each layer that reads, the first first; of each that writes as well.
    n_features : int
        Features per time step; the number of symbols where ``tokens``.
    piece_steps : int
        Time steps in a piece.
    readout : {"per_step", "last"}
        Whether the output layer reads every time step, or once after the last.
    out_steps : int
        Steps of the output: ``piece_steps`` where ``readout="per_step"``,
        the length of the decoded sequence, or the number of output vectors
        that are read after the last step.
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
    bidirectional : bool
        Whether what reads does so in both directions.
    pooling : {"last", "mean", "max"}
        What is read after the last step: the last state, or the mean or largest output
        of all real steps.
    dropout, recurrent_dropout : bool
        Whether training drops inputs and states of layers; at which rates, is an input
        of its program.
    attention : bool
        Whether the decoder's output is joined by a mean of the encoder's outputs,
        weighted by the softmax of their products with it (Luong et al. 2015).
    """

    topology: str
    units: int | tuple[int, ...]
    n_features: int
    piece_steps: int
    readout: str
    out_steps: int
    out_width: int
    tokens: bool = False
    masked: bool = False
    dtype: str = "float32"
    cell: str = "lstm"
    bidirectional: bool = False
    pooling: str = "last"
    dropout: bool = False
    recurrent_dropout: bool = False
    attention: bool = False

    @property
    def reading(self) -> tuple[Level, ...]:
        """Levels of layers that read, the first first.

        Outputs of every step are made only where they are read: gradients by outputs
        that nobody reads cost time and compilations.
        """
        name = "encoder" if self.decodes else self.cell
        top = self.answers_steps or self.attention or self.pooling != "last"
        return self._levels(name, self.n_features, self.bidirectional, top=top)

    @property
    def writing(self) -> tuple[Level, ...]:
        """Levels of layers that decode; none where the topology has no decoder."""
        if not self.decodes:
            return ()
        return self._levels("decoder", self.code_width, False, top=True)

    @property
    def layers(self) -> tuple[RecurrentLayer, ...]:
        """All recurrent layers, in the order of data and of weights."""
        levels = (*self.reading, *self.writing)
        return tuple(layer for level in levels for layer in level)

    @property
    def widths(self) -> tuple[int, ...]:
        """Width of each layer."""
        return (self.units,) if isinstance(self.units, int) else self.units

    @property
    def code_width(self) -> int:
        """Width of what the reading layers give."""
        return self.widths[-1] * (1 + self.bidirectional)

    @property
    def decodes(self) -> bool:
        """Whether other layers write an output sequence of its own length."""
        return self.topology == "encoder_decoder"

    @property
    def answers_steps(self) -> bool:
        """Whether there is an output for each step of the input."""
        return self.readout == "per_step" and not self.decodes

    @property
    def pools(self) -> bool:
        """Whether outputs of all steps are pooled."""
        return self.pooling != "last" and not self.answers_steps

    @property
    def head_inputs(self) -> int:
        """Width of what the output layer reads."""
        if self.decodes:
            return self.widths[-1] * (1 + self.attention)
        return self.code_width

    @property
    def head_width(self) -> int:
        """Width of the output layer: of all output vectors at once where several are
        read after the last step."""
        several = self.readout == "last" and not self.decodes
        return self.out_width * (self.out_steps if several else 1)

    @property
    def weight_shapes(self) -> list[tuple[int, ...]]:
        """Shapes of all weights, in their order: layer by layer, then the head."""
        shapes = [shape for layer in self.layers for shape in layer.weight_shapes]
        return [*shapes, (self.head_inputs, self.head_width), (self.head_width,)]

    @property
    def state_widths(self) -> list[int]:
        """Widths of all arrays of state, layer by layer."""
        return [layer.units for layer in self.layers for _ in range(layer.n_states)]

    def _levels(self, name: str, n_inputs: int, both: bool, *, top: bool):
        levels = []
        for depth, units in enumerate(self.widths, start=1):
            named = name if len(self.widths) == 1 else f"{name}_{depth}"
            every_step = top or depth < len(self.widths)
            shape = (self.cell, n_inputs, units, every_step)
            if both:
                level: Level = (
                    RecurrentLayer(f"{named}_forward", *shape),
                    RecurrentLayer(f"{named}_backward", *shape, backwards=True),
                )
            else:
                level = (RecurrentLayer(named, *shape),)
            levels.append(level)
            n_inputs = units * len(level)
        return tuple(levels)
