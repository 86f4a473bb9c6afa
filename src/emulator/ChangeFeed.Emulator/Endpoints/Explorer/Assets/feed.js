// The change feed of a container as it comes, read from the partitions that have moved.
import { call, containerPath, listed, partitionsOf } from "./api.js";
import { count, h, some, units } from "./dom.js";
import { at, member, pretty } from "./json.js";

const pause = 400; // milliseconds between two looks at the partitions
const kept = 200; // changes on the page

export async function changeFeed(view, { container, definition, signal }) {
  const hasVersions = Boolean(definition.changeFeedPolicy?.retentionDuration);
  const mode = choice("Mode", "mode", [["latest", "Latest version of each item"], ["versions", "All versions and deletes"]]);
  const from = choice("From", "from", [["now", "Now"], ["start", "The beginning"]]);
  const status = h("p", { className: "soft", role: "status" }, "Not listening.");
  const problem = h("p", { className: "error", role: "alert", hidden: true });
  const log = h("ol", { className: "changes", role: "log", ariaLabel: "Changes, the newest first" });
  let listening;

  const chosen = name => view.querySelector(`input[name=${name}]:checked`).value;
  const toggle = h("button", { className: "primary" }, "Listen");

  function stop(text) {
    listening?.abort();
    listening = undefined;
    toggle.textContent = "Listen";
    if (text) status.textContent = text;
  }

  async function listen() {
    const mine = listening = new AbortController();
    const versions = chosen("mode") === "versions";
    const fromStart = !versions && chosen("from") === "start";
    const positions = new Map();
    let seen = 0;
    let spent = 0;
    toggle.textContent = "Stop";
    problem.hidden = true;
    log.replaceChildren();
    const ended = () => mine.signal.aborted || signal.aborted;
    try {
      for (let look = 0; !ended(); look++) {
        const parts = await partitionsOf(container);
        for (const part of parts) {
          if (!positions.has(part.id)) positions.set(part.id, beginning(part, positions, look === 0 && !fromStart));
          while (!ended() && (positions.get(part.id) ?? -1) < part.lsn) {
            const page = await read(part, positions.get(part.id), versions);
            positions.set(part.id, page.next);
            spent += page.charge;
            seen += page.rows.length;
            if (ended()) return;
            add(part, page.rows, versions);
            if (page.rows.length === 0) break;
          }
        }
        if (ended()) return;
        status.textContent = `Listening on ${some(parts.length, "partition")}: ${some(seen, "change")}, ${units(spent)}`
          + `${seen > kept ? `; the newest ${count(kept)} are shown` : ""}`;
        await new Promise(resolve => setTimeout(resolve, pause));
      }
    } catch (error) {
      if (ended()) return;
      problem.hidden = false;
      problem.textContent = error.message;
      stop("Not listening.");
    }
  }

  // A child of a split goes on where its parent was; one that was there from the first begins as was asked.
  function beginning(part, positions, now) {
    const parent = part.parents.findLast(id => positions.has(id));
    return parent !== undefined ? positions.get(parent) : now ? part.lsn : undefined;
  }

  async function read(part, position, versions) {
    const answer = await call("GET", `${containerPath(container)}/docs`, {
      "A-IM": versions ? "Full-Fidelity Feed" : "Incremental Feed",
      "x-ms-documentdb-partitionkeyrangeid": part.id,
      "x-ms-max-item-count": "100",
      ...(position === undefined ? {} : { "If-None-Match": `"${position}"` }),
    });
    return { charge: answer.charge, next: Number(answer.header("etag").replaceAll('"', "")), rows: answer.status === 304 ? [] : listed(answer.text) };
  }

  function add(part, rows, versions) {
    for (const row of rows) {
      const operation = versions ? JSON.parse(at(row, ["metadata", "operationType"])) : "written";
      const lsn = versions ? at(row, ["metadata", "lsn"]) : member(row, "_lsn");
      const id = at(row, versions ? ["current", "id"] : ["id"]) ?? at(row, ["metadata", "id"]) ?? '""';
      log.prepend(h("li", {}, h("details", {}, h("summary", {}, h("span", { className: `badge ${operation}` }, operation), " ",
        h("strong", {}, JSON.parse(id)), h("span", { className: "soft" }, ` partition ${part.id}, LSN ${lsn}`)), h("pre", { tabIndex: 0 }, pretty(row)))));
    }
    while (log.children.length > kept) log.lastChild.remove();
  }

  view.replaceChildren(
    h("form", { className: "feed", onsubmit: event => { event.preventDefault(); listening ? stop("Stopped.") : listen(); } },
      mode, from, h("div", { className: "actions" }, toggle)),
    hasVersions ? "" : h("p", { className: "soft" },
      "This container keeps no versions and deletes: that needs a changeFeedPolicy with a retentionDuration."),
    h("p", { className: "soft" }, "All versions and deletes begin now; what was before is not read."), problem, status, log);
  signal.addEventListener("abort", () => stop());
}

const choice = (legend, name, options) => h("fieldset", {}, h("legend", {}, legend), options.map(([value, text], i) =>
  h("label", { className: "choice" }, h("input", { type: "radio", name, value, checked: i === 0 }), ` ${text}`)));
