# The experiments of the 1997 paper: `snakemake paper --cores 4`, or `paper_all` with
# the slow rows.
from skseq.experiments.paper.config import (
    check_paper,
    cost_spec,
    row_spec,
    sweep_spec,
)

PAPER = check_paper(
    read_yaml(workflow.source_path("../../config/paper.yaml")),
    read_schema("paper"),
)
# Rows of each table.
PAPER_TABLES = {
    "summary": [name for name, row in PAPER["rows"].items() if not row["slow"]],
    "summary_all": list(PAPER["rows"]),
}
PAPER_METHODS = PAPER["sweep"]["methods"]
PAPER_MEASURED = {
    "reach": expand("results/paper/sweep/{method}.csv", method=PAPER_METHODS),
    "cost": expand("results/paper/cost/{lag}.csv", lag=PAPER["cost"]["lags"]),
}


wildcard_constraints:
    lag="[0-9]+",
    table="|".join(PAPER_TABLES),
    picture="|".join(PAPER_MEASURED),


rule paper_run:
    output:
        "results/paper/runs/{row}.csv",
    log:
        "results/logs/paper/runs/{row}.log",
    benchmark:
        "results/benchmarks/paper/runs/{row}.tsv"
    wildcard_constraints:
        row=names_matching(PAPER["rows"], first=False),
    resources:
        mem_mb=growing(2500),
        runtime=growing(240),
    params:
        seed=PAPER["seed"],
        seeds=PAPER["seeds"],
        spec=lambda wildcards: row_spec(PAPER, wildcards.row),
        code=code_of("experiments.paper.runs", "experiments.files"),
    script:
        "../scripts/paper_run.py"


use rule paper_run as paper_run_first with:
    wildcard_constraints:
        row=names_matching(PAPER["rows"], first=True),
    priority: 1


rule paper_sweep:
    output:
        "results/paper/sweep/{method}.csv",
    log:
        "results/logs/paper/sweep/{method}.log",
    benchmark:
        "results/benchmarks/paper/sweep/{method}.tsv"
    wildcard_constraints:
        method=names_matching(PAPER_METHODS, first=False),
    resources:
        mem_mb=growing(2500),
        runtime=growing(240),
    params:
        seed=PAPER["seed"],
        seeds=PAPER["seeds"],
        spec=lambda wildcards: sweep_spec(PAPER, wildcards.method),
        code=code_of("experiments.paper.sweeps", "experiments.files"),
    script:
        "../scripts/paper_sweep.py"


use rule paper_sweep as paper_sweep_first with:
    wildcard_constraints:
        method=names_matching(PAPER_METHODS, first=True),
    priority: 1


rule paper_cost:
    output:
        "results/paper/cost/{lag}.csv",
    log:
        "results/logs/paper/cost/{lag}.log",
    benchmark:
        "results/benchmarks/paper/cost/{lag}.tsv"
    resources:
        mem_mb=growing(2500),
        runtime=growing(240),
    params:
        spec=cost_spec(PAPER),
        code=code_of("experiments.paper.sweeps", "experiments.files"),
    script:
        "../scripts/paper_cost.py"


rule paper_table:
    input:
        lambda wildcards: expand(
            "results/paper/runs/{row}.csv", row=PAPER_TABLES[wildcards.table]
        ),
    output:
        report(
            "results/paper/{table}.csv",
            caption="../report/paper.rst",
            category="The 1997 paper",
            labels={"result": "{table}"},
        ),
    log:
        "results/logs/paper/{table}.log",
    benchmark:
        "results/benchmarks/paper/{table}.tsv"
    params:
        rows=lambda wildcards: {
            row: PAPER["rows"][row] for row in PAPER_TABLES[wildcards.table]
        },
        code=code_of("experiments.paper.tables", "experiments.files"),
    script:
        "../scripts/paper_table.py"


rule paper_figure:
    input:
        lambda wildcards: PAPER_MEASURED[wildcards.picture],
    output:
        report(
            "results/paper/{picture}.png",
            caption="../report/paper.rst",
            category="The 1997 paper",
            labels={"result": "{picture}"},
        ),
    log:
        "results/logs/paper/{picture}.log",
    benchmark:
        "results/benchmarks/paper/{picture}.tsv"
    params:
        titles={name: entry["title"] for name, entry in PAPER_METHODS.items()},
        code=code_of("experiments.paper.figures", "experiments.files"),
    script:
        "../scripts/paper_figure.py"


rule paper:
    input:
        expand("results/paper/{name}", name=PAPER_RESULTS),


rule paper_all:
    input:
        "results/paper/summary_all.csv",
        "results/paper/reach.png",
        "results/paper/cost.png",
