// One item: read by its key, replaced and deleted only where it still is what was read.
import { call, containerPath, itemPath, keyOf } from "./api.js";
import { confirmed, h, moment, units } from "./dom.js";
import { member, own, pretty } from "./json.js";

const json = { "Content-Type": "application/json" };
const key = value => ({ "x-ms-documentdb-partitionkey": value });

export function editor(side, { container, definition, readOnly, signal }, { changed }) {
  let opener;

  const problem = h("p", { className: "error", role: "alert", hidden: true });
  const done = h("p", { className: "good", role: "status", hidden: true });

  function say(element, text) {
    for (const other of [problem, done]) other.hidden = other !== element;
    element.textContent = text;
  }

  function close() {
    side.hidden = true;
    side.replaceChildren();
    opener?.isConnected && opener.focus();
  }

  function draw(title, facts, text, buttons) {
    const heading = h("h2", { tabIndex: -1 }, title);
    for (const element of [problem, done]) element.hidden = true;
    side.replaceChildren(heading, facts, h("label", { htmlFor: "item" }, "JSON"), text, problem, done,
      h("div", { className: "actions" }, buttons, h("button", { type: "button", onclick: close }, "Close")));
    side.onkeydown = event => { if (event.key === "Escape") close(); };
    side.hidden = false;
    // Beside the results it is seen as it is; below them it has to be gone to.
    heading.focus({ preventScroll: matchMedia("(min-width: 75rem)").matches });
  }

  const area = value => h("textarea", { id: "item", rows: 18, spellcheck: false, value, readOnly });

  // Valid or a sentence; the store would say the same, but not before the key was read from the text.
  function valid(text) {
    try {
      JSON.parse(text);
      return true;
    } catch (error) {
      say(problem, `This is not JSON: ${error.message}`);
      return false;
    }
  }

  async function attempt(action) {
    try {
      await action();
    } catch (error) {
      say(problem, error.status === 412
        ? "Somebody else has changed the item since it was read here. Read it again, then make your change."
        : error.message);
    }
  }

  async function open(id, partitionKey, from) {
    opener = from;
    let answer;
    try {
      answer = await call("GET", itemPath(container, id), key(partitionKey));
    } catch (error) {
      draw(`Item ${id}`, null, area(""), []);
      say(problem, error.message);
      return;
    }
    if (!signal.aborted) show(id, partitionKey, answer);
  }

  function show(id, partitionKey, answer) {
    const etag = JSON.parse(answer.text)._etag;
    const text = area(pretty(own(answer.text)));
    const guard = { ...key(partitionKey), "If-Match": etag };
    const facts = h("dl", { className: "facts" }, h("dt", {}, "etag"), h("dd", {}, h("code", {}, etag)),
      h("dt", {}, "Partition key"), h("dd", {}, h("code", {}, partitionKey)),
      h("dt", {}, "Written"), h("dd", {}, moment(JSON.parse(member(answer.text, "_ts")))),
      h("dt", {}, "Cost"), h("dd", {}, units(answer.charge)));
    const save = () => attempt(async () => {
      if (!valid(text.value)) return;
      const written = await call("PUT", itemPath(container, id), { ...guard, ...json }, text.value);
      show(JSON.parse(written.text).id, keyOf(definition, written.text), written);
      say(done, `Saved for ${units(written.charge)}.`);
      changed();
    });
    const remove = () => attempt(async () => {
      if (!await confirmed(`Delete item ${id}?`, "It is gone at once and cannot be brought back.", "Delete")) return;
      await call("DELETE", itemPath(container, id), guard);
      close();
      changed();
    });
    const button = (name, action, className) => h("button", { type: "button", className, onclick: action }, name);
    draw(`Item ${id}`, facts, text, [
      ...(readOnly ? [] : [button("Save", save, "primary"), button("Delete", remove, "danger")]),
      button("Read again", () => open(id, partitionKey, opener)),
    ]);
  }

  function create(from) {
    opener = from;
    const paths = definition.partitionKey.systemKey ? [] : definition.partitionKey.paths.filter(path => path !== "/id");
    const text = area(pretty(JSON.stringify({ id: crypto.randomUUID?.() ?? String(Date.now()), ...sample(paths) })));
    const add = () => attempt(async () => {
      if (!valid(text.value)) return;
      const partitionKey = keyOf(definition, text.value);
      const written = await call("POST", `${containerPath(container)}/docs`, { ...key(partitionKey), ...json }, text.value);
      show(JSON.parse(written.text).id, partitionKey, written);
      say(done, `Created for ${units(written.charge)}.`);
      changed();
    });
    draw("New item", null, text, [h("button", { type: "button", className: "primary", onclick: add }, "Create")]);
  }

  return { open, create };
}

// An object that has something at each path of plain names.
function sample(paths) {
  const made = {};
  for (const path of paths) {
    const names = path.split("/").filter(Boolean);
    let inner = made;
    for (const name of names.slice(0, -1)) inner = inner[name] ??= {};
    inner[names.at(-1)] = "";
  }
  return made;
}
