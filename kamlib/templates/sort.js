// Gives each heading of a table a button that sorts its rows; without this script all of them still stand there.
(() => {
  "use strict";
  const { compare } = new Intl.Collator(document.documentElement.lang, { numeric: true });

  // What a cell is sorted by: a number, the text of a day, or words; null where there is nothing.
  const worth = (cell, kind) => {
    const value = kind === "text" ? cell.textContent.trim() : cell.dataset.value;
    if (value === "") return null;
    return kind === "text" || kind === "date" ? value : Number(value);
  };

  const order = (kind) => (kind === "text" ? compare : (a, b) => (a > b) - (a < b));

  const sort = (heading) => {
    const table = heading.closest("table");
    const kind = heading.dataset.kind;
    const falling = heading.getAttribute("aria-sort") === "ascending";
    const inOrder = order(kind);
    const rows = [...table.tBodies[0].rows].map((row) => [worth(row.cells[heading.cellIndex], kind), row]);
    rows.sort(([a], [b]) => {
      if (a === null || b === null) return (a === null) - (b === null); // what is missing comes last, either way
      return falling ? inOrder(b, a) : inOrder(a, b);
    });
    table.tBodies[0].append(...rows.map(([, row]) => row));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
  };

  for (const heading of document.querySelectorAll("table.sortable th")) {
    const printed = document.createElement("span"); // browsers leave buttons out of a heading repeated on paper
    printed.className = "printed";
    printed.append(...heading.childNodes);
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = printed.textContent;
    button.addEventListener("click", () => sort(heading));
    heading.append(button, printed);
  }

  // On a narrow screen a chart keeps a size at which it can be read and is scrolled, by keyboard too.
  const narrow = matchMedia("(max-width: 45rem)");
  const reach = () => {
    for (const figure of document.querySelectorAll("figure")) {
      if (narrow.matches) figure.tabIndex = 0;
      else figure.removeAttribute("tabindex");
    }
  };
  narrow.addEventListener("change", reach);
  reach();
})();
