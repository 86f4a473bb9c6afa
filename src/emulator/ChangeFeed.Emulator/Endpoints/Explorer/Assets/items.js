// A query, its pages, and one item to read and change.
import { containerPath, keyOf, namesOf, query } from "./api.js";
import { cell, count, h, moment, some, table, units } from "./dom.js";
import { editor } from "./item.js";
import { at, pretty } from "./json.js";
import { problemIn } from "./problem.js";

const everything = "SELECT * FROM c";

export async function items(view, context) {
  const { container, definition, readOnly } = context;
  const text = h("textarea", { id: "query", rows: 3, spellcheck: false, value: everything });
  const pageSize = h("select", { id: "page-size" }, [10, 25, 100].map(n => h("option", { value: n, selected: n === 25 }, n)));
  const problem = h("div", { id: "problem", role: "alert" });
  const summary = h("p", { className: "soft", role: "status" });
  const results = h("div", { className: "results" });
  const side = h("section", { className: "side", hidden: true });
  const previous = h("button", { type: "button", onclick: () => turn(-1) }, "Previous page");
  const next = h("button", { type: "button", onclick: () => turn(1) }, "Next page");
  // The continuations of the pages from the first to the one that is shown.
  let pages = [undefined];
  let following;
  let asked = everything;
  let number = 0;

  async function run() {
    const mine = ++number;
    const began = performance.now();
    problem.replaceChildren();
    text.removeAttribute("aria-invalid");
    try {
      const answer = await query(`${containerPath(container)}/docs`, asked, { size: Number(pageSize.value), continuation: pages.at(-1) });
      if (mine !== number || context.signal.aborted) return;
      following = answer.continuation;
      summary.textContent = `Page ${pages.length}: ${some(answer.rows.length, "result")}, ${units(answer.charge)}, `
        + `${count(Math.round(performance.now() - began))} ms${following ? "" : ", the last page"}`;
      results.replaceChildren(shown(answer.rows));
    } catch (error) {
      if (mine !== number || context.signal.aborted) return;
      following = undefined;
      summary.textContent = "";
      results.replaceChildren();
      text.setAttribute("aria-invalid", "true");
      problem.replaceChildren(problemIn(asked, error, place => { text.focus(); text.setSelectionRange(place.start, place.end); }));
    }
    previous.disabled = pages.length === 1;
    next.disabled = !following;
  }

  function first() {
    asked = text.value;
    pages = [undefined];
    return run();
  }

  function turn(by) {
    if (by > 0) pages.push(following);
    else pages.pop();
    return run();
  }

  function shown(rows) {
    if (rows.length === 0) return h("p", {}, "No results.");
    const read = rows.map(row => ({ row, value: JSON.parse(row) }));
    if (!read.every(({ value }) => typeof value?.id === "string" && value._rid))
      return h("ol", { className: "values" }, rows.map(row => h("li", {}, h("pre", { tabIndex: 0 }, pretty(row)))));
    const paths = definition.partitionKey.systemKey ? [] : definition.partitionKey.paths.filter(path => path !== "/id");
    return table("Items", ["id", ...paths, "Written", "Item"], read.map(({ row, value }) => h("tr", {},
      cell(h("button", { type: "button", className: "link", onclick: event => open(value.id, row, event.currentTarget) }, value.id)),
      paths.map(path => cell(h("code", {}, at(row, namesOf(path)) ?? "none"))),
      cell(moment(value._ts), "time"),
      cell(h("code", { className: "preview" }, preview(value))))));
  }

  function preview(value) {
    const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== "id" && !name.startsWith("_")));
    return JSON.stringify(rest).slice(0, 400);
  }

  const edit = editor(side, context, { changed: run });
  const open = (id, row, opener) => edit.open(id, keyOf(definition, row), opener);

  text.addEventListener("keydown", event => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      first();
    }
  });
  view.replaceChildren(
    h("form", { className: "query", onsubmit: event => { event.preventDefault(); first(); } },
      h("label", { htmlFor: "query" }, "Query"), text, problem,
      h("div", { className: "actions" },
        h("button", { className: "primary", title: "Ctrl+Enter" }, "Run"),
        h("label", { htmlFor: "page-size" }, "Results a page"), pageSize,
        readOnly ? null : h("button", { type: "button", className: "last", onclick: event => edit.create(event.currentTarget) }, "New item"))),
    summary,
    h("div", { className: "split" }, h("section", { ariaLabel: "Results" }, results, h("div", { className: "actions" }, previous, next)), side));
  await run();
}
