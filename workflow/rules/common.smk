# The only place with functions: what the rules need to know about the configuration.
from skseq._atomic import remove_leftovers
from skseq.experiments.config import (
    check_config,
    read_config,
    read_schema,
    read_yaml,
    step_spec,
)
from skseq.experiments.digest import code_digest
from skseq.experiments.lock import hold
from skseq.experiments.real.sources import require_extra

# Snakemake itself keeps the last of two entries of one name, without a word.
for configfile in workflow.configfiles:
    written = read_config(configfile)
    # Those of the command line stand first.
    if isinstance(config.get("claims"), str) and "claims" in written:
        config["claims"] = written["claims"]
# Jobs are started with what the run's own start has checked.
CONFIG = check_config(config, read_schema("config"), rehearsed=workflow.is_main_process)
PROBLEMS = list(CONFIG["problems"])
# What the report shows of `snakemake paper` once that was run.
PAPER_RESULTS = ("summary.csv", "reach.png", "cost.png")
# The same of `snakemake real`.
REAL_RESULTS = [
    f"{kind}.{end}"
    for kind in ("classification", "forecasting")
    for end in ("csv", "png")
]


wildcard_constraints:
    problem="|".join(PROBLEMS),


def files_read_by(wildcards):
    """Return the file that a problem's data are read from, if they are."""
    return CONFIG["problems"][wildcards.problem]["data"]["params"].get("path", [])


def results_of(problem):
    made = ("scores.csv", "intervals.csv", "figures")
    return [f"results/{problem}/{name}" for name in made]


def artifacts_of(problem):
    made = [
        *("data/search.npz", "data/repeats.npz", "search.csv", "chosen.json"),
        *("predictions.npz", "model.skops", "baselines.npz"),
    ]
    return [*(f"results/{problem}/{name}" for name in made), *results_of(problem)]


def all_artifacts():
    return [
        *("results/summary.csv", "results/claims.csv"),
        *(path for name in PROBLEMS for path in artifacts_of(name)),
    ]


def expected_results():
    """Return the table beside the Snakefile, or, where only that was deployed, here."""
    beside = os.path.relpath(f"{workflow.basedir}/config/expected.csv")
    return beside if os.path.exists(beside) else "config/expected.csv"


def times_of(*paths):
    """Return when those of other targets' results that are there were made.

    The report shows them, but is no reason to make them.
    """
    return {path: os.path.getmtime(path) for path in paths if os.path.exists(path)}


def nothing_without_extra(wildcards):
    """Return no input, or stop before any work where real data cannot be had."""
    require_extra()
    return []


def of_each(problems, name):
    """Return a function of the wildcards that gives a file of each problem of a kind."""
    return lambda wildcards: [
        f"results/real/{problem}/{name}"
        for problem in problems
        if problem.startswith(f"{wildcards.kind}/")
    ]


def spec_for(step):
    """Return a function of the wildcards that gives what `step` may know."""
    return lambda wildcards: step_spec(CONFIG, wildcards.problem, step)


def code_of(*modules):
    """Return a digest of what a step runs, since Snakemake sees only its script."""
    return code_digest(*(f"skseq.{module}" for module in modules))


def growing(amount):
    """Return a resource that a job asks more of each time that it is run again."""
    return lambda wildcards, attempt: amount * attempt


def names_matching(entries, first):
    """Return a pattern of those that take longest and begin first, or of the others.

    Left over at the end, one of them would run alone, on one core.
    """
    return "|".join(name for name in entries if entries[name]["first"] == first)
