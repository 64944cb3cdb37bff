# Networks on real series: `snakemake real --cores 4`. Data and rivals come from aeon,
# which needs an environment of its own: `python3 env.py real snakemake --cores 4 real`.
from skseq.experiments.real.config import KINDS, check_real, problems_of, problem_spec

REAL = check_real(
    read_yaml(workflow.source_path("../../config/real.yaml")),
    read_schema("real"),
)
REAL_PROBLEMS = [f"{kind}/{name}" for kind, name in problems_of(REAL)]


wildcard_constraints:
    kind="|".join(KINDS),
    real="|".join(REAL_PROBLEMS),


rule real_data:
    input:
        nothing_without_extra,
    output:
        "results/real/{real}/data.npz",
    log:
        "results/logs/real/{real}/data.log",
    benchmark:
        "results/benchmarks/real/{real}/data.tsv"
    priority: 2
    params:
        code=code_of("experiments.real.sources", "experiments.files"),
    script:
        "../scripts/real_data.py"


rule real_search:
    input:
        "results/real/{real}/data.npz",
    output:
        table="results/real/{real}/search.csv",
        chosen="results/real/{real}/chosen.json",
    log:
        "results/logs/real/{real}/search.log",
    benchmark:
        "results/benchmarks/real/{real}/search.tsv"
    priority: 1
    params:
        spec=lambda wildcards: problem_spec(REAL, *wildcards.real.split("/")),
        code=code_of("experiments.real.steps", "experiments.files"),
    script:
        "../scripts/real_search.py"


rule real_network:
    input:
        data="results/real/{real}/data.npz",
        chosen="results/real/{real}/chosen.json",
    output:
        "results/real/{real}/network.npz",
    log:
        "results/logs/real/{real}/network.log",
    benchmark:
        "results/benchmarks/real/{real}/network.tsv"
    params:
        seeds=REAL["seeds"],
        spec=lambda wildcards: problem_spec(REAL, *wildcards.real.split("/")),
        code=code_of("experiments.real.steps", "experiments.files"),
    script:
        "../scripts/real_network.py"


rule real_rivals:
    input:
        nothing_without_extra,
        data="results/real/{real}/data.npz",
    output:
        "results/real/{real}/rivals.npz",
    log:
        "results/logs/real/{real}/rivals.log",
    benchmark:
        "results/benchmarks/real/{real}/rivals.tsv"
    params:
        seeds=REAL["seeds"],
        spec=lambda wildcards: problem_spec(REAL, *wildcards.real.split("/")),
        code=code_of("experiments.real.rivals", "experiments.files"),
    script:
        "../scripts/real_rivals.py"


rule real_table:
    input:
        data=of_each(REAL_PROBLEMS, "data.npz"),
        search=of_each(REAL_PROBLEMS, "search.csv"),
        network=of_each(REAL_PROBLEMS, "network.npz"),
        rivals=of_each(REAL_PROBLEMS, "rivals.npz"),
    output:
        report(
            "results/real/{kind}.csv",
            caption="../report/real.rst",
            category="Real series",
            labels={"result": "{kind}, table"},
        ),
    log:
        "results/logs/real/{kind}.log",
    benchmark:
        "results/benchmarks/real/{kind}.tsv"
    params:
        seed=REAL["seed"],
        entry=lambda wildcards: REAL[wildcards.kind],
        code=code_of("experiments.real.tables", "experiments.files"),
    script:
        "../scripts/real_table.py"


rule real_figure:
    input:
        "results/real/{kind}.csv",
    output:
        report(
            "results/real/{kind}.png",
            caption="../report/real.rst",
            category="Real series",
            labels={"result": "{kind}, figure"},
        ),
    log:
        "results/logs/real/{kind}_figure.log",
    benchmark:
        "results/benchmarks/real/{kind}_figure.tsv"
    params:
        code=code_of("experiments.real.figures", "experiments.files"),
    script:
        "../scripts/real_figure.py"


rule real:
    input:
        expand("results/real/{name}", name=REAL_RESULTS),
