// What the theme leaves to do: names for its search dialog, code buttons and tables, the heads of rows, and tables that
// sort.
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

// The first cell of a row says what the row is about.
function nameRows(table) {
  if (!table.tHead || table.dataset.named) return;
  table.dataset.named = "yes";
  for (const { cells } of table.tBodies[0].rows) {
    if (!cells[0]?.textContent.trim()) continue;
    const head = document.createElement("th");
    head.scope = "row";
    for (const { name, value } of cells[0].attributes) head.setAttribute(name, value);
    head.append(...cells[0].childNodes);
    cells[0].replaceWith(head);
  }
}

// The line before a table that is written as its caption becomes it.
function giveCaption(table) {
  const before = (table.closest(".md-typeset__scrollwrap") ?? table).previousElementSibling;
  const words = before?.matches("p") ? before.querySelector(":scope > .caption:only-child") : null;
  if (!words || before.textContent.trim() !== words.textContent.trim()) return;
  table.createCaption().textContent = words.textContent;
  before.remove();
}

// Each box in which a table scrolls is called as its table, or else as the heading above it.
function nameBoxes() {
  const seen = new Map();
  let heading = "Table";
  for (const element of document.querySelectorAll(".md-content :is(h1, h2, h3, h4, .md-typeset__scrollwrap)")) {
    if (!element.matches(".md-typeset__scrollwrap")) {
      heading = element.textContent.replace("¶", "").trim();
      continue;
    }
    const name = element.querySelector("caption")?.textContent ?? heading;
    seen.set(name, (seen.get(name) ?? 0) + 1);
    element.tabIndex = 0;
    element.role = "region";
    element.ariaLabel = seen.get(name) > 1 ? `${name}, table ${seen.get(name)}` : name;
  }
}

function mend() {
  document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");
  document.querySelectorAll(".md-code__nav").forEach((nav, place) => nav.setAttribute("aria-label", `Code ${place + 1}`));
  for (const table of document.querySelectorAll(".md-typeset table:not([class])")) {
    nameRows(table);
    giveCaption(table);
    makeSortable(table);
  }
  nameBoxes();
}

// The theme adds its boxes and buttons when they come into view; a card that opens adds nothing to mend.
function mendWhatIsNew(records) {
  const ofCard = (node) => node.id === "fact-card" || (node.closest?.(".fact-card, .fact-card__announced") ?? null);
  const changed = (record) => [...record.addedNodes, ...record.removedNodes];
  if (records.some((record) => !ofCard(record.target) && changed(record).some((node) => !ofCard(node)))) mend();
}

new MutationObserver(mendWhatIsNew).observe(document.body, { childList: true, subtree: true });
mend();
