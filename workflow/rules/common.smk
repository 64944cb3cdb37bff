# The only place with functions: what the rules need to know about the configuration.
from skseq._atomic import remove_leftovers
from skseq.experiments.config import (
    all_problems,
    check_config,
    configuration_spec,
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
    if isinstance(config.get("others"), dict):
        for name, other in written.get("others", {}).items():
            if isinstance(config["others"].get(name), str):
                config["others"][name] = other
# Jobs are started with what the run's own start has checked.
CONFIG = check_config(config, read_schema("config"), rehearsed=workflow.is_main_process)
# What a plain `snakemake` is made of, and the problems that it makes.
OWN = {key: CONFIG[key] for key in CONFIG if key != "others"}
PROBLEMS = list(CONFIG["problems"])
# What is made by targets of their own, with a table each.
OTHERS = CONFIG["others"]
WITH_SLOW = {f"{other}_all": other for other in OTHERS}
PARTS = {
    "quick": CONFIG["quick"],
    **{part: list(OTHERS[other]["problems"]) for part, other in WITH_SLOW.items()},
    **{
        other: [name for name, entry in of["problems"].items() if not entry["slow"]]
        for other, of in OTHERS.items()
    },
}
# The configuration that each problem is of.
CONFIGS = all_problems(CONFIG)
# What the report shows of `snakemake real` once that was run.
REAL_RESULTS = [
    f"{kind}.{end}"
    for kind in ("classification", "forecasting")
    for end in ("csv", "png")
]


wildcard_constraints:
    problem="|".join(CONFIGS),
    configuration="[A-Za-z][A-Za-z0-9_]*",
    part="|".join(PARTS),


def entry_of(problem):
    return CONFIGS[problem]["problems"][problem]


def files_read_by(wildcards):
    """Return the file that a problem's data are read from, if they are."""
    return entry_of(wildcards.problem)["data"]["params"].get("path", [])


def results_of(problem):
    made = ("scores.csv", "intervals.csv", "figures")
    return [f"results/{problem}/{name}" for name in made]


def repeats_drawn_for(wildcards):
    """Return the data of all repeats; those that stream are drawn where needed."""
    if entry_of(wildcards.problem)["until"]:
        return []
    return [f"results/{wildcards.problem}/data/repeats.npz"]


def predictions_of(wildcards):
    """Return what training gave: where data stream, of each configuration."""
    folder = f"results/{wildcards.problem}"
    configurations = entry_of(wildcards.problem)["configurations"]
    folders = [f"{folder}/trained/{name}" for name in configurations] or [folder]
    return [f"{one}/predictions.npz" for one in folders]


def model_of(wildcards):
    """Return the model that figures ask; none where data stream."""
    if entry_of(wildcards.problem)["until"]:
        return []
    return [f"results/{wildcards.problem}/model.skops"]


def artifacts_of(problem):
    made = [
        *("data/search.npz", "data/repeats.npz", "search.csv", "chosen.json"),
        *("predictions.npz", "model.skops"),
    ]
    if entry_of(problem)["until"]:
        made = [
            f"trained/{configuration}/{name}"
            for configuration in entry_of(problem)["configurations"]
            for name in ("predictions.npz", "model.skops")
        ]
    made.append("baselines.npz")
    return [*(f"results/{problem}/{name}" for name in made), *results_of(problem)]


def tables_of(part):
    """Return the table of a part, and those of its claims and of what it adds to."""
    tables = [f"results/{part}/summary.csv"]
    if part in OTHERS and OTHERS[part]["claims"]:
        tables.append(f"results/{part}/claims.csv")
    if part in WITH_SLOW:
        tables += tables_of(WITH_SLOW[part])
    return tables


def of_part(name):
    """Return a function of the wildcards that gives a file of each problem of a part."""
    return lambda wildcards: expand(
        f"results/{{problem}}/{name}", problem=PARTS[wildcards.part]
    )


def judged(problems):
    """Return what the tables know of problems."""
    return {name: step_spec(CONFIGS[name], name, "summary") for name in problems}


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


def said_of(key):
    """Return a function of the wildcards that gives what their entry says."""
    return lambda wildcards: entry_of(wildcards.problem)[key]


def seed_of(wildcards):
    """Return the root seed of a problem."""
    return CONFIGS[wildcards.problem]["seed"]


def spec_for(step):
    """Return a function of the wildcards that gives what `step` may know."""
    return lambda wildcards: step_spec(
        CONFIGS[wildcards.problem], wildcards.problem, step
    )


def spec_of_configuration(wildcards):
    """Return what training may know of a configuration."""
    config = CONFIGS[wildcards.problem]
    return configuration_spec(config, wildcards.problem, wildcards.configuration)


def code_of(*modules):
    """Return a digest of what a step runs, since Snakemake sees only its script."""
    return code_digest(*(f"skseq.{module}" for module in modules))


def growing(amount):
    """Return a resource that a job asks more of each time that it is run again."""
    return lambda wildcards, attempt: amount * attempt


def streams_matching(first):
    """Return a pattern of the problems that stream and begin first, or of the others.

    Left over at the end, one that takes longest would run alone, on one core.
    """
    found = [
        name
        for name in CONFIGS
        if entry_of(name)["until"] and entry_of(name)["first"] == first
    ]
    # An empty pattern would constrain nothing.
    return "|".join(found) or "(?!)"
