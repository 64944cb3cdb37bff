// Sorts a table by the column whose heading is pressed; again, the other way round.
for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => {
    const heading = button.closest("th");
    const down = heading.getAttribute("aria-sort") === "ascending";
    for (const other of heading.parentNode.children) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = heading.closest("table").tBodies[0];
    const key = (row) => row.cells[heading.cellIndex].dataset.key;
    const both = (a, b) =>
      isNaN(key(a)) || isNaN(key(b))
        ? key(a).localeCompare(key(b), "en", { numeric: true })
        : key(a) - key(b);
    const rows = [...body.rows].sort(both);
    body.append(...(down ? rows.reverse() : rows));
  });
}
