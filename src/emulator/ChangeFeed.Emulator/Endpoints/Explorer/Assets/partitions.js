// The physical partitions of a container: what they hold, how far they are, what they were asked.
import { split, statistics } from "./api.js";
import { cell, confirmed, count, h, size, table, units } from "./dom.js";

export async function partitions(view, context) {
  const { container, readOnly, signal } = context;
  view.replaceChildren(h("p", {}, "Counting…"));
  const found = (await statistics()).containers.find(row => row.database === container.db && row.container === container.coll);
  if (signal.aborted) return;
  const rows = found?.partitions ?? [];
  const most = Math.max(1, ...rows.map(row => row.bytes));
  const numbers = ["Items", "Size", "LSN", "Requests", "Request units"].map(text => ({ text, number: true }));
  const problem = h("p", { className: "error", role: "alert", hidden: true });
  const divide = async row => {
    const yes = await confirmed(`Split partition ${row.id}?`,
      "Its items go to two new partitions, each with half of its keys. Clients notice and go on there. It cannot be undone.", "Split");
    if (!yes) return;
    try {
      await split(container, row.id);
      await partitions(view, context);
    } catch (error) {
      problem.hidden = false;
      problem.textContent = error.message;
    }
  };
  view.replaceChildren(
    h("p", { className: "soft" }, "A physical partition holds a range of hashed partition keys and has its own log sequence number (LSN): "
      + "the number of its last transaction. Requests and request units are those since the store started."),
    problem,
    table("Physical partitions", ["Partition", "Keys from", "to", ...numbers, ...(readOnly ? [] : ["Action"])], rows.map(row => h("tr", {},
      cell(row.id), cell(h("code", {}, short(row.minInclusive))), cell(h("code", {}, short(row.maxExclusive))), cell(count(row.items), "number"),
      cell([h("meter", { min: 0, max: most, value: row.bytes, ariaLabel: `Share of the largest, partition ${row.id}` }), ` ${size(row.bytes)}`],
        "number"),
      cell(count(row.lsn), "number"), cell(count(row.requests), "number"), cell(units(row.requestUnits), "number"),
      readOnly ? null : cell(h("button", { type: "button", onclick: () => divide(row) }, "Split"))))),
    h("div", { className: "actions" }, h("button", { type: "button", onclick: () => partitions(view, context) }, "Count again")));
}

const short = bound => bound === "" ? "first" : bound === "FF" ? "last" : bound.length > 8 ? `${bound.slice(0, 8)}…` : bound;
