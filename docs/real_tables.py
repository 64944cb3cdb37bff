"""Write the tables and figures of `snakemake real` into docs/real.md.

    python docs/real_tables.py

Run in the folder of the clone, once `snakemake --cores 4 real` has made results/real.
"""

import csv
import re
import shutil
from pathlib import Path

from skseq.experiments.report.real import reported

PAGE = Path("docs/real.md")
RESULTS = Path("results/real")


def main():
    """Replace what stands between the marks of each table."""
    page = PAGE.read_text()
    for kind in ("forecasting", "classification"):
        with open(RESULTS / f"{kind}.csv", newline="") as file:
            rows = reported(kind, list(csv.DictReader(file)))
        lines = [" | ".join(rows[0]), " | ".join("---" for _ in rows[0])]
        lines += [" | ".join(row.values()) for row in rows]
        table = "\n".join(f"| {line} |" for line in lines)
        marks = re.compile(rf"(<!-- {kind} -->\n).*(\n<!-- end {kind} -->)", re.DOTALL)
        page, replaced = marks.subn(
            lambda found, table=table: f"{found[1]}\n{table}\n{found[2]}", page
        )
        if not replaced:
            raise SystemExit(f"{PAGE} has no marks for the table of {kind}.")
        shutil.copyfile(RESULTS / f"{kind}.png", f"docs/{kind}.png")
    PAGE.write_text(page)


if __name__ == "__main__":
    main()
