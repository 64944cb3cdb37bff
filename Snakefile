# Every problem of config.yaml: data → search → train → evaluate → figures; then, over
# all of them, the table of results and the report. `snakemake --cores 4` makes it all,
# `snakemake --cores 4 A1` one problem, `snakemake -n` says what would run and why.


configfile: "config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"


onstart:
    # In place of Snakemake's own lock, which stays when a run is killed.
    hold(".snakemake/run.lock")
    remove_leftovers("results")


rule all:
    input:
        "results/report.html",
        "results/provenance.zip",
        "results/manifest.json",
        all_artifacts(),


include: "workflow/rules/problem.smk"
include: "workflow/rules/overview.smk"
include: "workflow/rules/real.smk"
