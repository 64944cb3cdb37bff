# What is made over all problems.


rule summary:
    input:
        scores=expand("results/{problem}/scores.csv", problem=PROBLEMS),
        intervals=expand("results/{problem}/intervals.csv", problem=PROBLEMS),
    output:
        report(
            "results/summary.csv",
            caption="../report/summary.rst",
            category="Results",
            labels={"table": "Results of every problem"},
        ),
    log:
        "results/logs/summary.log",
    benchmark:
        "results/benchmarks/summary.tsv"
    params:
        problems=judged(PROBLEMS),
        code=code_of("experiments.tables", "experiments.files"),
    script:
        "../scripts/summary.py"


use rule summary as part_summary with:
    input:
        scores=of_part("scores.csv"),
        intervals=of_part("intervals.csv"),
    output:
        report(
            "results/{part}/summary.csv",
            caption="../report/summary.rst",
            category="Results",
            labels={"table": "Results of {part}"},
        ),
    log:
        "results/logs/{part}/summary.log",
    benchmark:
        "results/benchmarks/{part}/summary.tsv"
    params:
        problems=lambda wildcards: judged(PARTS[wildcards.part]),
        code=code_of("experiments.tables", "experiments.files"),


rule claims:
    input:
        "results/summary.csv",
    output:
        report(
            "results/claims.csv",
            caption="../report/claims.rst",
            category="Results",
            labels={"table": "Claims and verdicts"},
        ),
    log:
        "results/logs/claims.log",
    benchmark:
        "results/benchmarks/claims.tsv"
    params:
        claims=CONFIG["claims"],
        problems=judged(PROBLEMS),
        code=code_of("experiments.claims", "experiments.files"),
    script:
        "../scripts/claims.py"


use rule claims as part_claims with:
    input:
        "results/{part}/summary.csv",
    output:
        report(
            "results/{part}/claims.csv",
            caption="../report/claims.rst",
            category="Results",
            labels={"table": "Claims and verdicts of {part}"},
        ),
    log:
        "results/logs/{part}/claims.log",
    benchmark:
        "results/benchmarks/{part}/claims.tsv"
    params:
        claims=lambda wildcards: OTHERS[wildcards.part]["claims"],
        problems=lambda wildcards: judged(PARTS[wildcards.part]),
        code=code_of("experiments.claims", "experiments.files"),


for part in PARTS:

    rule:
        name:
            part
        input:
            tables_of(part),
            [results_of(problem) for problem in PARTS[part]],


rule manifest:
    input:
        all_artifacts(),
    output:
        "results/manifest.json",
    log:
        "results/logs/manifest.log",
    benchmark:
        "results/benchmarks/manifest.tsv"
    params:
        config=OWN,
        code=code_of(
            *("experiments.data", "experiments.search", "experiments.repeats"),
            *("experiments.evaluate", "experiments.figures", "experiments.claims"),
        ),
    script:
        "../scripts/manifest.py"


# `snakemake --cores 4 verify` says what differs from the results of an earlier run, whose
# results/summary.csv is config/expected.csv: copy one there that is to be expected.
rule verify:
    input:
        found="results/summary.csv",
        expected=expected_results(),
    output:
        "results/verified.txt",
    log:
        "results/logs/verify.log",
    benchmark:
        "results/benchmarks/verify.tsv"
    params:
        problems=judged(PROBLEMS),
        claims=CONFIG["claims"],
        code=code_of("experiments.verify", "experiments.files"),
    script:
        "../scripts/verify.py"


rule results:
    input:
        all_artifacts(),


# One page for a reader, and beside it Snakemake's own report, which says how each file
# came about.
rule report:
    input:
        all_artifacts(),
        manifest="results/manifest.json",
    output:
        "results/report.html",
    log:
        "results/logs/report.log",
    benchmark:
        "results/benchmarks/report.tsv"
    params:
        config=CONFIG,
        others=times_of(
            *(path for other in OTHERS for path in tables_of(other)),
            *(
                path
                for other in OTHERS
                for one in PARTS[other]
                for path in results_of(one)
            ),
        ),
        real=times_of(*expand("results/real/{name}", name=REAL_RESULTS)),
        code=code_of("experiments.report", "experiments.claims", "experiments.files"),
    script:
        "../scripts/report.py"


rule provenance:
    input:
        all_artifacts(),
    output:
        "results/provenance.zip",
    log:
        "results/logs/provenance.log",
    benchmark:
        "results/benchmarks/provenance.tsv"
    params:
        config=config,
        snakefile=os.path.relpath(workflow.main_snakefile),
        code=code_of("experiments.files"),
    script:
        "../scripts/provenance.py"
