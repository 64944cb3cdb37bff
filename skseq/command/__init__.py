"""The command `skseq`: models, tables and runs, asked about from a shell.

Each command imports what it needs when it is called, so that help is there at once.
Nothing here imports TensorFlow: a machine that only predicts needs none.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Annotated, NoReturn

import typer

__all__ = ["app", "main"]

app = typer.Typer(
    name="skseq",
    help="Sequence memory for scikit-learn: models, tables and runs.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
# Which extra of the package brings what some commands import.
_EXTRAS = {"jsonschema": "pipeline", "yaml": "pipeline", "rocrate": "crate"}

Model = Annotated[
    Path, typer.Argument(help="A file that skseq.save or the pipeline wrote.")
]
Results = Annotated[Path, typer.Argument(help="The folder that the run made.")]


def main(words: list[str] | None = None) -> NoReturn:
    """Run the command; what fails is one line on standard error and a status.

    Parameters
    ----------
    words : list of str, default=None
        What stands behind ``skseq``; None takes what was typed.

    Raises
    ------
    SystemExit
        With status 0, 1 where something failed, 2 where something was mistyped, 130
        where the user stopped it.
    """
    words = sys.argv[1:] if words is None else words
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: _say(str(message))
        try:
            status = app(words or ["--help"], prog_name="skseq", standalone_mode=False)
        except typer.TyperException as error:
            _say(error.format_message())
            status = error.exit_code
        except ModuleNotFoundError as error:
            extra = _EXTRAS.get(str(error.name).partition(".")[0])
            if extra is None:
                raise
            _say(f'{error}; install it with: pip install "skseq[{extra}]"')
            status = 1
        except (OSError, ValueError) as error:
            _say(str(error))
            status = 1
    sys.exit(status)


def _say(what: str) -> None:
    print("skseq:", " ".join(what.split()), file=sys.stderr)


@app.command()
def new(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="What to call it: letters, digits and '_'."
        ),
    ],
    table: Annotated[
        Path | None,
        typer.Option(
            help="A CSV with a row per step: columns for the sequence, the step's "
            "number, the label, and any number of features. NAME.csv if not given."
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(
            help="The configuration to add to; it is made if it is missing. "
            "config.yaml if not given, or config/config.yaml where that is there."
        ),
    ] = None,
    sequence: Annotated[
        str, typer.Option(help="The column that tells sequences apart.")
    ] = "sequence",
    step: Annotated[
        str, typer.Option(help="The column of numbers that orders their steps.")
    ] = "step",
    label: Annotated[
        str, typer.Option(help="The column that is to be predicted.")
    ] = "label",
    numbers: Annotated[
        bool,
        typer.Option("--numbers", help="Labels are numbers to be forecast, no names."),
    ] = False,
) -> None:
    """Add a problem of your own to config.yaml.

    The table is read, the entry is written with a comment on every choice, and all that
    would stop a run is tried, but for training. Nothing is written if it would not run.
    """
    from skseq.command.entry import Columns, add_entry

    columns = Columns(sequence, step, label, numbers)
    written = add_entry(name, table or Path(f"{name}.csv"), columns, config)
    typer.echo(f"{written} has the problem {name}; snakemake --cores 4 {name} runs it.")


@app.command()
def describe(model: Model) -> None:
    """Say what a model is and was trained on.

    One line each: what it is made of, what it takes and gives, how it was trained, and
    the run that made it, if its manifest is there.
    """
    from skseq.command.description import described

    for what, said in described(model).items():
        typer.echo(f"{what:12}{said}")


@app.command()
def predict(
    model: Model,
    table: Annotated[
        Path | None,
        typer.Argument(
            help="A CSV with a row per step, with the columns sequence, step and the "
            "features, or, without a column sequence, a row per sequence. A column "
            "label is left out."
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Where to write; standard output if not given."
        ),
    ] = None,
    follow: Annotated[
        bool,
        typer.Option(
            "--follow",
            help="Read standard input instead, line by line: the features of a step, "
            "separated by commas; an empty line begins another sequence. Each line is "
            "answered at once.",
        ),
    ] = False,
) -> None:
    """Predict a table, or lines as they arrive.

    TensorFlow is not needed, nor imported.
    """
    if (table is None) != follow or (follow and output is not None):
        raise typer.BadParameter("Give a table, or --follow without one.")
    from skseq.persistence import load

    if table is None:
        from skseq.command.following import answers

        for answer in answers(load(model), sys.stdin):
            print(answer, flush=True)
    else:
        from skseq.command.prediction import predict_table, write_table

        write_table(output, *predict_table(load(model), table))


@app.command()
def verify(results: Results = Path("results")) -> None:
    """Hold a run's files against its manifest.

    Every file that it names must be there, with the same bytes.

    Whether two runs say the same by other bytes, `snakemake verify` tells.
    """
    from skseq.experiments.manifest import check_artifacts

    count = check_artifacts(results)
    typer.echo(f"{results}: {count} files are what the manifest says.")


@app.command()
def crate(
    results: Results = Path("results"),
    license: Annotated[
        str | None,
        typer.Option(help="Address of the license that the results are under."),
    ] = None,
) -> None:
    """Describe a run as an RO-Crate, for archives.

    The description is ro-crate-metadata.json in the folder of the run.
    """
    from skseq.experiments.crate import write_crate

    typer.echo(f"{write_crate(results, license)} describes the run.")
