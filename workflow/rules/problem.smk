# The steps of one problem.
#
# `snakemake --lint` asks for a conda environment or a container for each rule. Exempt:
# every step runs in the environment of Snakemake itself, locked with hashes, and would
# need all of it again; a second one could only differ.
#
# Data come first, then searches: of all that is left, Snakemake begins with the largest
# inputs, so that no long training is left over at the end, alone on one core.
#
# What jobs ask of a cluster, in MB and minutes, is more than the most that one of
# config.yaml took in a run of all on two cores: 424 MB to draw data, 1,141 to search (11
# minutes), 1,339 to train (15), 657 to evaluate, 849 for figures; and 600 for the two
# processes of Snakemake that stand around a job there.


rule search_data:
    input:
        files_read_by,
    output:
        "results/{problem}/data/search.npz",
    log:
        "results/logs/{problem}/search_data.log",
    benchmark:
        "results/benchmarks/{problem}/search_data.tsv"
    priority: 2
    resources:
        mem_mb=growing(1200),
        runtime=growing(10),
    params:
        seed=seed_of,
        spec=spec_for("search_data"),
        code=code_of("experiments.data", "experiments.files", "datasets"),
    script:
        "../scripts/search_data.py"


# Apart from the search's, so that more repeats or other test data search nothing anew.
rule repeat_data:
    input:
        files_read_by,
    output:
        "results/{problem}/data/repeats.npz",
    log:
        "results/logs/{problem}/repeat_data.log",
    benchmark:
        "results/benchmarks/{problem}/repeat_data.tsv"
    priority: 2
    resources:
        mem_mb=growing(1200),
        runtime=growing(10),
    params:
        seed=seed_of,
        repeats=said_of("repeats"),
        spec=spec_for("repeat_data"),
        code=code_of("experiments.data", "experiments.files", "datasets"),
    script:
        "../scripts/repeat_data.py"


rule search:
    input:
        data="results/{problem}/data/search.npz",
    output:
        table="results/{problem}/search.csv",
        chosen="results/{problem}/chosen.json",
    log:
        "results/logs/{problem}/search.log",
    benchmark:
        "results/benchmarks/{problem}/search.tsv"
    priority: 1
    resources:
        mem_mb=growing(2500),
        runtime=growing(30),
    params:
        seed=seed_of,
        spec=spec_for("search"),
        code=code_of("experiments.search", "experiments.files", "metrics"),
    script:
        "../scripts/search.py"


rule train:
    input:
        data="results/{problem}/data/repeats.npz",
        chosen="results/{problem}/chosen.json",
    output:
        predictions="results/{problem}/predictions.npz",
        model="results/{problem}/model.skops",
    log:
        "results/logs/{problem}/train.log",
    benchmark:
        "results/benchmarks/{problem}/train.tsv"
    resources:
        mem_mb=growing(2500),
        runtime=growing(60),
    params:
        seed=seed_of,
        repeats=said_of("repeats"),
        spec=spec_for("train"),
        code=code_of("experiments.repeats", "experiments.files", "persistence"),
    script:
        "../scripts/train.py"


# Where data stream nothing is searched and nothing kept of them, so that configurations
# need not wait for each other.
rule train_until:
    output:
        predictions="results/{problem}/trained/{configuration}/predictions.npz",
        model="results/{problem}/trained/{configuration}/model.skops",
    log:
        "results/logs/{problem}/train_{configuration}.log",
    benchmark:
        "results/benchmarks/{problem}/train_{configuration}.tsv"
    wildcard_constraints:
        problem=streams_matching(first=False),
    resources:
        mem_mb=growing(2500),
        runtime=growing(240),
    params:
        seed=seed_of,
        repeats=said_of("repeats"),
        spec=spec_of_configuration,
        code=code_of(
            "experiments.blockwise", "experiments.files", "persistence", "datasets"
        ),
    script:
        "../scripts/train_until.py"


use rule train_until as train_until_first with:
    wildcard_constraints:
        problem=streams_matching(first=True),
    priority: 1


rule evaluate:
    input:
        data=repeats_drawn_for,
        predictions=predictions_of,
    output:
        scores="results/{problem}/scores.csv",
        intervals="results/{problem}/intervals.csv",
        baselines="results/{problem}/baselines.npz",
    log:
        "results/logs/{problem}/evaluate.log",
    benchmark:
        "results/benchmarks/{problem}/evaluate.tsv"
    resources:
        mem_mb=growing(1600),
        runtime=growing(10),
    params:
        seed=seed_of,
        repeats=said_of("repeats"),
        spec=spec_for("evaluate"),
        code=code_of(
            "experiments.evaluate",
            "experiments.files",
            "experiments.tables",
            "metrics",
            "baselines",
        ),
    script:
        "../scripts/evaluate.py"


# Which figures a problem has stands in its entry; one process draws them all.
rule figures:
    input:
        data=repeats_drawn_for,
        predictions=predictions_of,
        baselines="results/{problem}/baselines.npz",
        scores="results/{problem}/scores.csv",
        model=model_of,
    output:
        report(
            directory("results/{problem}/figures"),
            patterns=["{figure}.png"],
            caption="../report/figure.rst",
            category="Problems",
            subcategory="{problem}",
            labels={"problem": "{problem}", "figure": "{figure}"},
        ),
    log:
        "results/logs/{problem}/figures.log",
    benchmark:
        "results/benchmarks/{problem}/figures.tsv"
    resources:
        mem_mb=growing(1600),
        runtime=growing(10),
    params:
        spec=spec_for("figure"),
        code=code_of("experiments.figures", "experiments.files", "persistence"),
    script:
        "../scripts/figures.py"


for problem in CONFIGS:

    rule:
        name:
            problem
        input:
            results_of(problem),
