// What the theme leaves to do: names for its search dialog, code buttons and scrolling tables, tables that sort, and a
// button at each fact that copies a citation of it.
"use strict";

const collator = new Intl.Collator("en", { numeric: true });

function valueOf(row, column) {
  const text = row.cells[column]?.textContent.trim() ?? "";
  const number = text.replace(/[\s\u202f]/g, "").match(/^[-+]?\d+(\.\d+)?/);
  return { text, number: number ? Number(number[0]) : null };
}

function compared(one, other) {
  if (one.number !== null && other.number !== null) return one.number - other.number;
  if (one.number !== other.number) return one.number === null ? 1 : -1; // words and dashes after numbers
  return collator.compare(one.text, other.text);
}

function sort(table, header) {
  const headers = [...table.tHead.rows[0].cells];
  const rising = header.getAttribute("aria-sort") !== "ascending";
  for (const other of headers) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", rising ? "ascending" : "descending");
  const column = headers.indexOf(header);
  const rows = [...table.tBodies[0].rows].map((row) => ({ row, value: valueOf(row, column) }));
  rows.sort((one, other) => compared(one.value, other.value) * (rising ? 1 : -1));
  table.tBodies[0].append(...rows.map(({ row }) => row));
}

function makeSortable(table) {
  if (!table.tHead || table.dataset.sortable || table.tBodies[0].rows.length < 2) return;
  table.dataset.sortable = "yes";
  for (const header of table.tHead.rows[0].cells) {
    header.scope = "col";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => sort(table, header));
  }
}

// What a row of a run's page states, so that it can be checked without the page: for pasting into a text.
function citation(row) {
  const cells = [...row.cells].map((cell) => cell.textContent.trim());
  const [, value, unit, line] = cells;
  const anchor = row.querySelector("a[id]").id;
  const original = row.cells[1].querySelector("a")?.href;
  const command = row.cells[row.cells.length - 1].querySelector("code")?.textContent ?? "";
  const page = `${location.origin}${location.pathname}#${anchor}`;
  return [
    `${anchor} = ${value}${unit ? ` ${unit}` : ""}`,
    `run ${document.querySelector("h1").firstChild.textContent.trim()}`,
    `line ${line} of ${command.replace(/^.* /, "")} (sha256 ${document.querySelector(".sha256").textContent})`,
    ...(original ? [original] : []),
    `${page} (${new Date().toISOString().slice(0, 10)})`,
  ].join("\n");
}

function makeCitable(row) {
  if (row.dataset.citable || !row.querySelector("a[id]") || row.cells.length !== 6) return;
  row.dataset.citable = "yes";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cite";
  button.textContent = "cite";
  button.title = "Copy value, unit, run, log, line and addresses";
  button.setAttribute("aria-label", `Copy a citation of ${row.querySelector("a[id]").id}`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(citation(row));
      button.textContent = "copied";
    } catch {
      button.textContent = "not allowed";
    }
    setTimeout(() => (button.textContent = "cite"), 2000);
  });
  row.cells[0].append(" ", button);
}

function mend() {
  document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");
  document.querySelectorAll(".md-code__nav").forEach((nav, place) => nav.setAttribute("aria-label", `Code ${place + 1}`));
  document.querySelectorAll(".md-typeset__scrollwrap").forEach((box, place) => {
    box.tabIndex = 0;
    box.role = "region";
    box.ariaLabel = `Table ${place + 1}`;
  });
  document.querySelectorAll(".md-typeset table:not([class])").forEach(makeSortable);
  if (document.querySelector(".sha256")) document.querySelectorAll(".md-typeset tbody tr").forEach(makeCitable);
}

// The theme adds its boxes and buttons when they come into view.
new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
mend();
