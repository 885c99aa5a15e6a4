// The list of runs as an explorer: it is filtered by system and outcome, and the address keeps the filters, so that a
// filtered list can be shared. A list of several pages is filtered as a whole: the other pages are fetched once.
"use strict";

(() => {
  const list = document.querySelector(".runs[data-systems]");
  if (!list) return;
  const filters = { system: list.dataset.systems.split(","), outcome: list.dataset.outcomes.split(",") };
  const asked = new URLSearchParams(location.search);
  const chosen = {};
  const status = document.createElement("output");
  let others = list.dataset.others.split(" ").filter(Boolean);
  let note = "";

  // The first link of a row names the system; the outcome is the first word of its cell after the mark.
  const valuesOf = (row) => ({
    system: row.cells[0].querySelector("a").textContent,
    outcome: row.cells[2].querySelector("a").textContent,
  });

  // A page of the list is `runs/` or `runs/index2/`; where addresses name files, `runs/index.html` or `runs/index2.html`.
  function addressOf(page) {
    if (location.pathname.endsWith(".html")) return new URL(page.replace(/md$/, "html"), location.href);
    const folder = new URL(list.dataset.page === "1" ? "./" : "../", location.href);
    return new URL(page.replace("index.md", "").replace(/\.md$/, "/"), folder);
  }

  async function fetchOthers() {
    const body = list.querySelector("tbody");
    for (const part of others.splice(0)) {
      try {
        if (location.protocol === "file:") throw new Error("a page in a file may fetch no other");
        const address = addressOf(part);
        const answer = await fetch(address);
        if (!answer.ok) throw new Error(answer.statusText);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const row of page.querySelectorAll(".runs tbody tr")) {
          for (const link of row.querySelectorAll("a[href]")) link.href = new URL(link.getAttribute("href"), address);
          body.append(row);
        }
      } catch {
        note = " Only this page of the list is filtered.";
      }
    }
  }

  async function filter() {
    const wanted = Object.entries(chosen).filter(([, select]) => select.value);
    if (wanted.length) await fetchOthers();
    const rows = [...list.querySelectorAll("tbody tr")];
    for (const row of rows) {
      const values = valuesOf(row);
      row.hidden = !wanted.every(([name, select]) => values[name] === select.value);
    }
    for (const table of list.querySelectorAll("table")) table.hidden = !table.querySelector("tbody tr:not([hidden])");
    const own = list.querySelector("details");
    if (own) {
      const any = [...own.querySelectorAll("tbody tr")].some((row) => !row.hidden);
      own.hidden = !any;
      if (wanted.length) own.open = any;
    }
    const shown = rows.filter((row) => !row.hidden).length;
    status.textContent = wanted.length ? `${shown} of ${rows.length} runs.${note}` : "";
  }

  function remember() {
    const address = new URL(location.href);
    for (const [name, select] of Object.entries(chosen)) {
      if (select.value) address.searchParams.set(name, select.value);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
  }

  const form = document.createElement("form");
  form.className = "filters";
  form.setAttribute("aria-label", "Filter the runs");
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const [name, values] of Object.entries(filters)) {
    const label = document.createElement("label");
    const select = document.createElement("select");
    select.append(new Option("all", ""), ...values.filter(Boolean).map((value) => new Option(value, value)));
    select.value = values.includes(asked.get(name)) ? asked.get(name) : "";
    select.addEventListener("change", () => {
      remember();
      filter();
    });
    label.append(`${name} `, select);
    chosen[name] = select;
    form.append(label);
  }
  form.append(status);
  list.prepend(form);
  filter();
})();
