// Finds the view for an address; draws the tree of databases and containers.
import { ApiError, all, call, containerPath, hasKey, json, statistics, useKey } from "./api.js";
import { $, cell, count, h, size, some, table, units } from "./dom.js";
import { changeFeed } from "./feed.js";
import { items } from "./items.js";
import { leases } from "./leases.js";
import { partitions } from "./partitions.js";
import { settings } from "./settings.js";

const tabs = { items: ["Items", items], partitions: ["Partitions", partitions], feed: ["Change feed", changeFeed],
  leases: ["Leases", leases], settings: ["Settings", settings] };

const state = { readOnly: false, containers: [] };
let leaving = new AbortController();

const addressOf = ({ db, coll }, tab) => `#/${encodeURIComponent(db)}/${encodeURIComponent(coll)}/${tab}`;

function routeOf() {
  const [db, coll, tab] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  return db && coll ? { db, coll, tab: tab in tabs ? tab : "items" } : {};
}

async function loadTree() {
  state.containers = [];
  const databases = await all("/dbs", "Databases");
  for (const database of databases)
    for (const container of await all(`/dbs/${encodeURIComponent(database.id)}/colls`, "DocumentCollections"))
      state.containers.push({ db: database.id, coll: container.id, rid: container._rid });
  state.databases = databases.map(database => database.id);
}

function drawTree() {
  const { db, coll, tab } = routeOf();
  const groups = state.databases.map(id => h("li", {}, h("span", { className: "database" }, id),
    h("ul", {}, state.containers.filter(container => container.db === id).map(container => h("li", {},
      h("a", { href: addressOf(container, tab ?? "items"), "aria-current": container.db === db && container.coll === coll ? "page" : null },
        container.coll))))));
  $("tree").replaceChildren(
    h("details", { open: !matchMedia("(max-width: 44rem)").matches || !coll }, h("summary", {}, "Databases"), h("ul", {}, groups)));
}

async function overview(main) {
  const rows = h("div", { "aria-busy": "true" }, h("p", {}, "Counting…"));
  main.replaceChildren(h("h1", {}, "Containers"), rows);
  const found = await statistics();
  const numbers = ["Items", "Size", "Partitions", "Requests", "Request units"].map(text => ({ text, number: true }));
  rows.removeAttribute("aria-busy");
  rows.replaceChildren(...[
    h("p", { className: "soft" },
      `${some(state.databases.length, "database")}, ${some(found.containers.length, "container")}, ${size(found.bytesOnDisk)} on disk. `
      + "Requests and request units are those since the store started."),
    regions(found),
    found.containers.length === 0
      ? h("p", {}, "Nothing here yet. What a client creates shows up here.")
      : table("All containers", ["Database", "Container", ...numbers], found.containers.map(row => h("tr", {}, cell(row.database),
        cell(h("a", { href: addressOf({ db: row.database, coll: row.container }, "items") }, row.container)),
        cell(count(row.items), "number"), cell(size(row.bytes), "number"), cell(count(row.partitions.length), "number"),
        cell(count(row.requests), "number"), cell(units(row.requestUnits), "number"))))].flat().filter(Boolean));
}

// The regions of the account, where it has some, and which of them this page is served from.
function regions({ region, account }) {
  if (!account) return null;
  const rows = account.regions.map(row => h("tr", {}, cell(row.name),
    cell(row.name === account.writeRegion ? "written to" : "read"), cell(row.condition), cell(row.endpoint ?? ""),
    cell(row.commits === undefined ? "" : count(row.commits), "number")));
  return [h("p", { className: "soft" }, `You see the data of ${region}. What is written arrives elsewhere after ${count(account.replicationLagMs)} ms.`),
    table("Regions", ["Region", "Role", "Condition", "Endpoint", { text: "Commits", number: true }], rows)];
}

async function show() {
  leaving.abort();
  leaving = new AbortController();
  const mine = leaving;
  const main = $("content");
  try {
    const route = routeOf();
    if (!state.databases || !route.db || !state.containers.some(known => known.db === route.db && known.coll === route.coll)) await loadTree();
    if (mine.signal.aborted) return;
    drawTree();
    if (!route.db) {
      document.title = "Data explorer";
      await overview(main);
      return;
    }
    document.title = `${route.coll} · ${tabs[route.tab][0]} · Data explorer`;
    const definition = await json(containerPath(route));
    if (mine.signal.aborted) return;
    const view = h("div", { className: "view" });
    main.replaceChildren(h("h1", {}, h("span", { className: "soft" }, `${route.db} / `), route.coll),
      h("nav", { className: "tabs", ariaLabel: "Views of the container" }, Object.entries(tabs).map(([id, [title]]) =>
        h("a", { href: addressOf(route, id), "aria-current": id === route.tab ? "page" : null }, title))), view);
    await tabs[route.tab][1](view, { container: route, definition, containers: state.containers, readOnly: state.readOnly, signal: mine.signal });
  } catch (error) {
    if (!mine.signal.aborted) failed(main, error);
  }
}

function failed(main, error) {
  if (error instanceof ApiError && error.status === 401) {
    askForKey(main, error.message);
    return;
  }
  main.replaceChildren(h("h1", {}, "This did not work"), h("p", { className: "error", role: "alert" }, error.message),
    h("p", {}, h("a", { href: "#/" }, "All containers")));
}

function askForKey(main, reason) {
  const key = h("input", { id: "key", type: "password", autocomplete: "off", required: true });
  main.replaceChildren(h("h1", {}, "The account key, please"), h("p", { className: "soft" }, hasKey() ? reason : "This store is opened by its account key."),
    h("form", { onsubmit: event => { event.preventDefault(); useKey(key.value.trim()); start(); } },
      h("label", { htmlFor: "key" }, "Account key"), key,
      h("p", { className: "soft" }, "It stays in this tab of the browser until the tab is closed."),
      h("div", { className: "actions" }, h("button", { className: "primary" }, "Open"))));
  key.focus();
}

async function start() {
  $("endpoint").textContent = location.origin;
  try {
    state.readOnly = JSON.parse((await call("GET", "")).text).readOnly;
    $("mode").hidden = !state.readOnly;
  } catch (error) {
    failed($("content"), error);
    return;
  }
  await show();
}

addEventListener("hashchange", () => {
  // The link that skips the tree is no address.
  if (location.hash !== "#content") show().then(() => scrollTo(0, 0));
});
start();
