"use strict";
// Filters, order and keys of the review page. The page is whole without it. The state lives in the address:
// #q=words&lang=ug&doc=path&sev=error&check=numbers&term=failed&order=document, or #r12 for one segment.
(() => {
  const byId = (id) => document.getElementById(id);
  const main = byId("segments");
  const rows = [...main.querySelectorAll(".row")];
  const doubtsFirst = [...main.querySelectorAll(".group, .row")];
  const none = byId("none");
  const selects = ["lang", "doc", "sev", "check", "term", "order"];
  const fields = ["q", ...selects];
  const keys = new Map();
  let documentOrder = null;
  let order = "";

  // Letters alone, without marks, case or invisible signs: "Қазақ" and "казак" differ, "й" and "и" do not.
  const fold = (text) =>
    text.normalize("NFKD").replace(/[\p{M}\p{Cf}\u0640]/gu, "").replace(/[\u2018\u2019]/g, "'").toLowerCase();

  const keyOf = (row) => {
    if (!keys.has(row)) {
      const parts = row.querySelectorAll(".source, .target, .reference p, .flags");
      keys.set(row, fold([...parts].map((part) => part.textContent).join("\n")));
    }
    return keys.get(row);
  };

  const has = (list, word) => list.split(" ").includes(word);

  const tests = {
    lang: (row, value) => row.dataset.lang === value,
    doc: (row, value) => row.dataset.doc === value,
    sev: (row, value) =>
      value === "any" ? has("error warning", row.dataset.sev)
      : value === "waived" ? "waived" in row.dataset
      : row.dataset.sev === value,
    check: (row, value) => has(row.dataset.checks, value),
    term: (row, value) => (value === "any" ? row.dataset.term !== "" : has(row.dataset.term, value)),
  };

  const heading = (text) => {
    const made = document.createElement("h2");
    made.className = "group";
    made.append(text + " ", Object.assign(document.createElement("span"), { className: "size" }));
    return made;
  };

  const inDocumentOrder = () => {
    const sorted = [...rows].sort((one, other) => one.dataset.order - other.dataset.order);
    let last = "";
    return sorted.flatMap((row) => {
      const title = row.dataset.doc + " \u2192 " + row.querySelector(".language").textContent;
      const news = title === last ? [row] : [heading(title), row];
      last = title;
      return news;
    });
  };

  const arrange = (wanted) => {
    if (wanted === order) return;
    order = wanted;
    documentOrder ??= inDocumentOrder();
    main.querySelectorAll(".group").forEach((group) => group.remove());
    byId("filtered").after(...(order === "document" ? documentOrder : doubtsFirst));
  };

  const countGroups = () => {
    let group = null;
    let size = 0;
    const close = () => {
      if (!group) return;
      group.hidden = size === 0;
      group.querySelector(".size").textContent = size;
    };
    for (const node of main.children) {
      if (node.classList.contains("group")) {
        close();
        group = node;
        size = 0;
      } else if (node.classList.contains("row") && !node.hidden) size += 1;
    }
    close();
  };

  const apply = () => {
    const words = fold(byId("q").value).split(/\s+/).filter(Boolean);
    const active = Object.entries(tests).filter(([name]) => byId(name).value !== "");
    let shown = 0;
    for (const row of rows) {
      const fits =
        active.every(([name, test]) => test(row, byId(name).value)) &&
        words.every((word) => keyOf(row).includes(word));
      row.hidden = !fits;
      shown += fits;
    }
    arrange(byId("order").value);
    countGroups();
    const filtered = active.length > 0 || words.length > 0;
    byId("count").textContent = filtered
      ? `${shown} of ${rows.length} segments shown`
      : `All segments shown: ${rows.length}`;
    byId("reset").hidden = !filtered;
    // on paper the controls are gone, so the page must say there what it leaves out
    const chosen = active.map(([name]) => byId(name).selectedOptions[0].textContent);
    byId("filtered").hidden = !filtered;
    byId("filtered").textContent =
      byId("count").textContent + ": " + [...chosen, ...words.map((word) => `“${word}”`)].join(", ");
    none.hidden = shown > 0;
  };

  const remember = () => {
    const state = new URLSearchParams();
    for (const name of fields) if (byId(name).value) state.set(name, byId(name).value);
    history.replaceState(null, "", "#" + state);
  };

  const change = () => {
    apply();
    remember();
  };

  const reset = () => {
    for (const name of fields) if (name !== "order") byId(name).value = "";
    change();
  };

  const restore = () => {
    const hash = location.hash.slice(1);
    if (hash !== "" && !hash.includes("=")) {
      const target = byId(hash);
      if (target?.hidden) for (const name of fields) byId(name).value = "";
      apply();
      target?.scrollIntoView();
      return;
    }
    const state = new URLSearchParams(hash);
    for (const name of fields) {
      const field = byId(name);
      field.value = state.get(name) ?? "";
      // a value that is not offered would otherwise leave the list empty
      if (selects.includes(name) && field.selectedIndex < 0) field.value = "";
    }
    apply();
  };

  const step = (by) => {
    const visible = [...main.querySelectorAll(".row:not([hidden])")];
    const here = document.activeElement?.closest(".row");
    const at = here ? visible.indexOf(here) + by : by > 0 ? 0 : -1;
    const next = visible[at];
    if (!next) return;
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };

  const openDetails = () => {
    const details = document.activeElement?.closest(".row")?.querySelectorAll("details") ?? [];
    const open = [...details].every((one) => one.open);
    for (const one of details) one.open = !open;
  };

  const actions = { j: () => step(1), k: () => step(-1), o: openDetails, "/": () => byId("q").focus() };

  // where another script is typed, a key gives о or ت: then its place on the keyboard counts
  const places = { KeyJ: "j", KeyK: "k", KeyO: "o", Slash: "/" };
  const named = (event) => (event.key > "~" ? (places[event.code] ?? event.key) : event.key);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.activeElement === byId("q")) {
      byId("q").blur();
      return;
    }
    const typing = event.target.matches?.("input, select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !actions[named(event)]) return;
    event.preventDefault();
    actions[named(event)]();
  });

  // on paper, what is folded away would be lost
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...main.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });

  byId("q").addEventListener("input", change);
  for (const name of selects) byId(name).addEventListener("change", change);
  byId("reset").addEventListener("click", reset);
  byId("reset-none").addEventListener("click", reset);
  addEventListener("hashchange", restore);
  byId("controls").hidden = false;
  restore();
})();
