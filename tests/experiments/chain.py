"""All steps of a problem in one process, as the jobs of the pipeline do them."""

from skseq.experiments.config import step_spec
from skseq.experiments.data import draw_repeats, draw_search, search_sample
from skseq.experiments.evaluate import evaluate
from skseq.experiments.figures import draw
from skseq.experiments.files import read_csv, write_arrays, write_csv, write_json
from skseq.experiments.repeats import run_repeats
from skseq.experiments.search import search
from skseq.experiments.tables import (
    INTERVAL_COLUMNS,
    SCORE_COLUMNS,
    SUMMARY_COLUMNS,
    summarize,
)


def run(config, problem, folder):
    """Run a problem of a checked configuration; return what each step made."""
    seed, repeats = config["seed"], config["repeats"]

    def spec(step):
        return step_spec(config, problem, step)

    searched = draw_search(problem, seed, spec("search_data")["data"])
    drawn = draw_repeats(problem, seed, repeats, spec("repeat_data")["data"])
    sample = search_sample(searched, spec("search"))
    table, chosen = search(problem, seed, spec("search"), sample)
    write_csv(folder / "search.csv", table, list(table[0]))
    write_json(folder / "chosen.json", chosen, nan_ok=True)
    configurations = {"searched": chosen}
    if spec("train")["published_params"] is not None:
        configurations["published"] = spec("train")["published_params"]
    fits = spec("train") | {"configurations": configurations}
    predictions, models = run_repeats(problem, seed, repeats, fits, drawn)
    write_arrays(folder / "predictions.npz", predictions)
    found = evaluate(problem, seed, repeats, spec("evaluate"), drawn, predictions)
    write_csv(folder / "scores.csv", found.scores, SCORE_COLUMNS)
    write_csv(folder / "intervals.csv", found.intervals, INTERVAL_COLUMNS)
    scores = read_csv(folder / "scores.csv")
    judged = {problem: spec("summary")}
    rows = summarize(scores, judged, read_csv(folder / "intervals.csv"))
    write_csv(folder / "summary.csv", rows, SUMMARY_COLUMNS)
    artifacts = {
        "data": drawn,
        "predictions": predictions,
        "baselines": found.baselines,
        "scores": scores,
        "model": models["searched"],
    }
    for figure in config["problems"][problem]["figures"]:
        draw(figure, problem, spec("figure"), artifacts).savefig(folder / "figure.png")
    return {
        "table": table,
        "chosen": chosen,
        "models": models,
        "rows": read_csv(folder / "summary.csv"),
        **artifacts,
    }
