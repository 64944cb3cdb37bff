# ruff: noqa: E402 (the log is opened before anything that can fail is imported)
"""Put all real problems of a kind into one table."""

from skseq.experiments import jobs

jobs.start(snakemake.log[0])

from skseq.experiments import files
from skseq.experiments.real.tables import COLUMNS, table

kind, given = snakemake.wildcards.kind, snakemake.input
made = {
    name: {
        "arrays": files.read_arrays(data),
        "search": files.read_csv(search),
        "answers": files.read_arrays(network) | files.read_arrays(rivals),
    }
    for name, data, search, network, rivals in zip(
        snakemake.params.entry["problems"],
        given.data,
        given.search,
        given.network,
        given.rivals,
        strict=True,
    )
}
rows = table(kind, snakemake.params.entry, made, snakemake.params.seed)
files.write_csv(snakemake.output[0], rows, COLUMNS[kind])
