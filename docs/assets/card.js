// What is behind a number. A card opens beside a link to a number, on hover, focus or tap. A button in each row of a
// run's page copies a citation. Both read the row that states the number; the card fetches its page. Without this script
// the title of the link says the same in short.
"use strict";

(() => {
  const OPEN_AFTER = 150; // milliseconds of rest on a link
  const CLOSE_AFTER = 300; // to cross the gap between link and card
  const CARD = "fact-card";
  const NUMBERS = ".md-content article a:is([title], [data-title])[href*='#']:not(.headerlink)";
  const pages = new Map();

  // The text of an element, without what these scripts and the theme add to it.
  function textOf(element) {
    if (!element) return "";
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".cite, .headerlink, .fact-card").forEach((added) => added.remove());
    copy.querySelectorAll("br").forEach((end) => end.replaceWith("\n"));
    return copy.textContent.trim();
  }

  // Whether a link leads to where this site states a number; links to a line of a log (#L12) do not.
  function leadsToNumber(link) {
    return link.protocol === location.protocol && link.host === location.host && !/^#L\d+$/.test(link.hash);
  }

  // The page that a link leads to; null where it cannot be fetched. A page in a file may fetch no other.
  function pageOf(link) {
    if (link.pathname === location.pathname) return Promise.resolve(document);
    if (location.protocol === "file:") return Promise.resolve(null);
    const address = link.href.replace(/#.*/, "");
    if (!pages.has(address)) {
      const asked = fetch(address)
        .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(answer.statusText))))
        .then((text) => new DOMParser().parseFromString(text, "text/html"));
      pages.set(
        address,
        asked.catch(() => (pages.delete(address), null)),
      );
    }
    return pages.get(address);
  }

  // What a place of a page states. `page` is its document, `address` the absolute address of the place.
  function statement(page, address, shown, title) {
    const place = page?.getElementById(decodeURIComponent(new URL(address).hash.slice(1)));
    const row = place?.closest("tbody tr");
    const cells = row ? [...row.cells] : [];
    const headings = row ? [...row.closest("table").tHead.rows[0].cells].map(textOf) : [];
    const ofRun = Boolean(page?.querySelector(".log-path"));
    const [named, ...meaning] = textOf(cells[0]).split("\n");
    const unit = textOf(cells[headings.indexOf("unit")]);
    const told = new Set([cells[0], place?.closest("td, th"), cells[headings.indexOf("unit")]]);
    const line = row?.querySelector("a[href*='#L']");
    return {
      address,
      name: ofRun && named ? named : title.split(", ")[0],
      value: textOf(place) || shown,
      unit,
      heading: textOf(page?.querySelector("h1")),
      ofRun,
      evidence: row?.querySelector(".evidence"),
      line: textOf(line),
      at: row?.querySelector(".between") ? "time between two lines; it ends on line" : "line",
      lineAddress: line ? new URL(line.getAttribute("href"), address).href : "",
      details: [...meaning, ...cells.flatMap((cell, at) => detail(cell, headings[at], told))],
      log: log(page),
      title,
    };
  }

  function detail(cell, heading, told) {
    const text = told.has(cell) || cell.querySelector(".evidence") ? "" : textOf(cell).replaceAll("\n", "; ");
    return text ? [`${heading}: ${text}`] : [];
  }

  // What a run's page says of its log, and how the data are cited.
  function log(page) {
    const said = (selector) => textOf(page?.querySelector(selector));
    return {
      run: said(".run-id"),
      path: said(".log-path"),
      sums: [said(".sha256") && `sha256 ${said(".sha256")}`, said(".swhid")].filter(Boolean).join(", "),
      cited: said(".citation"),
    };
  }

  // A statement so that it can be checked without the page: for pasting into a text.
  function citation(stated) {
    const { log, evidence } = stated;
    const words = evidence ? `: ${textOf(evidence)}` : "";
    return [
      `${stated.name} = ${stated.value}${stated.unit ? ` ${stated.unit}` : ""}`,
      stated.heading + (log.run ? ` (run ${log.run})` : ""),
      ...(stated.line ? [`${stated.at} ${stated.line} of ${log.path}${words}`] : stated.details),
      ...(log.path && !stated.line ? [`log ${log.path}`] : []),
      ...(log.sums ? [log.sums] : []),
      ...(stated.lineAddress ? [stated.lineAddress] : []),
      `${stated.address} (${new Date().toISOString().slice(0, 10)})`,
      ...(log.cited ? [log.cited] : []),
    ].join("\n");
  }

  async function copied(button, stated) {
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(citation(stated));
      button.textContent = "copied";
    } catch {
      button.textContent = "not allowed";
    }
    setTimeout(() => (button.textContent = words), 2000);
  }

  function made(tag, name, ...children) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...children);
    return element;
  }

  function citeButton(words, label, cite) {
    const button = made("button", "cite", words);
    button.type = "button";
    button.title = "Copy value, unit, run, log, line, addresses and licence";
    if (label) button.setAttribute("aria-label", label);
    button.addEventListener("click", () => cite(button));
    return button;
  }

  // --- The buttons of a run's page -------------------------------------------------------------------------------

  function makeCitable(place) {
    const row = place.closest("tr");
    if (row.dataset.citable) return;
    row.dataset.citable = "yes";
    const address = new URL(`#${place.id}`, location.href).href;
    const cite = (button) => copied(button, statement(document, address, textOf(place), place.id));
    const button = citeButton("cite", `cite ${place.id}`, cite);
    const end = row.cells[0].querySelector("br"); // the meaning of a derived figure follows its name
    if (end) end.before(" ", button);
    else row.cells[0].append(" ", button);
  }

  if (document.querySelector(".citation")) {
    document.querySelectorAll(".md-content tbody td span[id]").forEach(makeCitable);
  }

  // --- The card --------------------------------------------------------------------------------------------------

  const announced = made("div", "fact-card__announced");
  announced.setAttribute("role", "status");
  document.querySelector(".md-content article")?.append(announced);
  let card = null; // the card that is open: its link, its element, and whether the keyboard or a finger asked for it
  let asked = null; // the link whose card is wanted
  let timer = 0;
  let pointer = "";

  // The words of a log line, with its value marked, as text of this page.
  function quoted(evidence) {
    const marked = (part) => (part.nodeName === "MARK" ? made("mark", "", part.textContent) : part.textContent);
    return made("code", "", ...[...evidence.childNodes].map(marked));
  }

  function linkTo(words, address) {
    const link = made("a", "", words);
    link.href = address;
    return link;
  }

  function elementOf(stated) {
    const value = [made("strong", "", stated.name), ` ${stated.value}${stated.unit ? ` ${stated.unit}` : ""}`];
    const text = made("div", "fact-card__text", made("p", "fact-card__value", ...value));
    if (stated.heading) text.append(made("p", "fact-card__run", stated.heading));
    if (stated.evidence) {
      text.append(made("p", "fact-card__line", `${stated.at} ${stated.line}: `, quoted(stated.evidence)));
    } else if (stated.line) {
      text.append(made("p", "fact-card__line", `${stated.at} ${stated.line}`));
    } else {
      text.append(...stated.details.map((words) => made("p", "fact-card__line", words)));
    }
    text.id = `${CARD}-text`;
    const whole = stated.address.replace(/#.*/, "");
    const actions = made("p", "fact-card__actions");
    if (stated.heading) actions.append(citeButton("copy citation", "", (button) => copied(button, stated)));
    if (stated.lineAddress) actions.append(linkTo("open the log line", stated.lineAddress));
    actions.append(linkTo(stated.ofRun ? "all facts of the run" : "where it is stated", stated.ofRun ? whole : stated.address));
    const element = made("div", CARD, text, actions);
    element.id = CARD;
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-label", stated.title);
    if ("popover" in element) element.popover = "manual";
    return element;
  }

  function place() {
    const { link, element } = card;
    const rects = link.getClientRects();
    const at = rects[rects.length - 1] ?? link.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = element;
    const below = at.bottom + 6;
    const top = below + height > innerHeight && at.top - 6 - height > 0 ? at.top - 6 - height : below;
    element.style.top = `${Math.max(4, Math.min(top, innerHeight - height - 4))}px`;
    element.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - width - 8))}px`;
  }

  function close() {
    clearTimeout(timer);
    asked = null;
    if (!card) return;
    const { link, element } = card;
    card = null;
    element.remove();
    if (link.dataset.title) link.title = link.dataset.title;
    delete link.dataset.title;
    link.removeAttribute("aria-describedby");
    link.removeAttribute("aria-expanded");
    announced.textContent = "";
  }

  async function open(link, how) {
    if (card?.link === link) return;
    close();
    asked = link;
    const title = link.title;
    const page = await pageOf(link);
    if (asked !== link) return; // meanwhile another is wanted, or none
    const element = elementOf(statement(page, link.href, textOf(link), title));
    card = { link, element, how };
    link.after(element);
    element.showPopover?.();
    place();
    link.setAttribute("aria-expanded", "true");
    if (how === "mouse") {
      link.dataset.title = title; // the browser's own tooltip would cover the card
      link.removeAttribute("title");
      link.setAttribute("aria-describedby", `${CARD}-text`);
    } else {
      announced.textContent = textOf(element.firstChild);
    }
  }

  const numberLink = (target) => {
    const link = target instanceof Element ? target.closest(NUMBERS) : null;
    return link && leadsToNumber(link) && !link.closest(`.${CARD}`) ? link : null;
  };
  const inCard = (target) => target instanceof Node && Boolean(card?.element.contains(target) || card?.link.contains(target));

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse" || card?.element.contains(document.activeElement)) return;
    const link = numberLink(event.target);
    if (inCard(event.target)) clearTimeout(timer);
    else if (link) {
      clearTimeout(timer);
      timer = setTimeout(() => open(link, "mouse"), OPEN_AFTER);
    }
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType !== "mouse" || inCard(event.relatedTarget)) return;
    if (!inCard(event.target) && !numberLink(event.target)) return;
    clearTimeout(timer);
    if (card?.how !== "keyboard") timer = setTimeout(close, CLOSE_AFTER);
  });
  document.addEventListener("pointerdown", (event) => {
    pointer = event.pointerType;
    if (card && !inCard(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    pointer = "";
    if (event.key !== "Escape" || !card) return;
    const { link, element } = card;
    const inside = element.contains(document.activeElement);
    close();
    if (inside) {
      pointer = "closed";
      link.focus();
    }
  });
  // A finger's first tap on a number opens its card; the second follows the link.
  document.addEventListener("click", (event) => {
    const link = numberLink(event.target);
    if (!link || pointer !== "touch" || card?.link === link) return;
    event.preventDefault();
    open(link, "touch");
  });
  document.addEventListener("focusin", (event) => {
    const link = numberLink(event.target);
    if (link && pointer === "" && link.matches(":focus-visible")) open(link, "keyboard");
  });
  document.addEventListener("focusout", (event) => {
    if (card?.how === "keyboard" && event.relatedTarget && !inCard(event.relatedTarget)) close();
  });
  addEventListener("scroll", () => card && place(), { capture: true, passive: true });
  addEventListener("resize", () => card && place());
})();
