/** Sorts a table by its headings. The page says all it has to say without it. */
export const pageScript = `
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      sort(table.tBodies[0], column, head.dataset.kind === "number", down ? -1 : 1);
    });
  });
}
function sort(body, column, numeric, direction) {
  const key = (row) => row.cells[column].dataset.sort;
  const compare = numeric ? (a, b) => Number(a) - Number(b) : (a, b) => a.localeCompare(b, undefined, { numeric: true });
  const rows = [...body.rows].sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === "" || right === "") return (left === "") - (right === "");
    return direction * compare(left, right);
  });
  body.append(...rows);
}
`;
