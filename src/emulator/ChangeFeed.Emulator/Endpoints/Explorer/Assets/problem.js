// What is wrong with a query, under the word it is about.
import { h } from "./dom.js";

// The message of a refused query is JSON: {"errors":[{"location":{"start","end"},"code","message"}]} or {"Errors":["…"]}.
function read(message) {
  try {
    const found = JSON.parse(message);
    const [error] = found.errors ?? [];
    if (error) return { text: `${error.message} (${error.code})`, place: error.location };
    return { text: (found.Errors ?? [message]).join(" ") };
  } catch {
    return { text: message };
  }
}

export function problemIn(query, error, select) {
  const { text, place } = read(error.message);
  if (!place) return h("p", { className: "error" }, text);
  const start = Math.min(place.start, query.length);
  const end = Math.min(Math.max(place.end, start + 1), query.length);
  const lineStart = query.lastIndexOf("\n", start - 1) + 1;
  const lineEnd = query.indexOf("\n", start) < 0 ? query.length : query.indexOf("\n", start);
  const line = query.slice(lineStart, lineEnd);
  const number = query.slice(0, lineStart).split("\n").length;
  const before = line.slice(0, start - lineStart);
  const word = line.slice(start - lineStart, end - lineStart);
  return h("div", { className: "problem" },
    h("pre", { tabIndex: 0 }, before, h("mark", {}, word || " "), line.slice(end - lineStart), "\n",
      " ".repeat(before.length), h("span", { className: "error" }, "^".repeat(Math.max(1, word.length)))),
    h("p", { className: "error" }, `Line ${number}, column ${before.length + 1}: ${text} `,
      h("button", { type: "button", className: "link", onclick: () => select({ start, end }) }, "Go there")));
}
