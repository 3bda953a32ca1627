/// Sorts a table by the column whose heading is pressed. Without it the page says the same.
enum PageScript {
  static let html = Markup.literal(
    """
    <script>
    for (const table of document.querySelectorAll("table.sortable")) {
      const body = table.tBodies[0], original = [...body.rows];
      const value = (row, place) => {
        const cell = row.cells[place], number = cell.dataset.value;
        return number !== undefined ? Number(number) : cell.classList.contains("n") ? NaN : cell.textContent;
      };
      const compare = (a, b, sign) => {
        if (typeof a === "number" && typeof b === "number") {
          return Number.isNaN(a) - Number.isNaN(b) || sign * (a - b) || 0;
        }
        return sign * String(a).localeCompare(String(b), "en", {numeric: true});
      };
      for (const [place, heading] of [...table.tHead.rows[0].cells].entries()) {
        const button = document.createElement("button");
        button.append(...heading.childNodes);
        heading.append(button);
        const first = heading.classList.contains("n") ? "descending" : "ascending";
        const second = first === "ascending" ? "descending" : "ascending";
        button.addEventListener("click", () => {
          const now = heading.getAttribute("aria-sort");
          const next = now === null ? first : now === first ? second : null;
          for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
          if (next !== null) heading.setAttribute("aria-sort", next);
          const sign = next === "descending" ? -1 : 1;
          const rows = next === null ? original
            : [...original].sort((a, b) => compare(value(a, place), value(b, place), sign));
          body.append(...rows);
        });
      }
    }
    </script>
    """)
}
