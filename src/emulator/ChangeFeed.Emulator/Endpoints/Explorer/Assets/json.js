// JSON as it was written: numbers keep their spelling, which JSON.parse would lose beyond 53 bits.

const blank = /[ \t\r\n]/;

function skip(text, at) {
  while (at < text.length && blank.test(text[at])) at++;
  return at;
}

// The offset behind the value that begins at an offset.
function end(text, at) {
  if (text[at] === '"') {
    for (at++; text[at] !== '"'; at++) if (text[at] === "\\") at++;
    return at + 1;
  }
  if (text[at] === "{" || text[at] === "[") {
    let depth = 0;
    do {
      if (text[at] === '"') { at = end(text, at); continue; }
      if (text[at] === "{" || text[at] === "[") depth++;
      else if (text[at] === "}" || text[at] === "]") depth--;
      at++;
    } while (depth > 0);
    return at;
  }
  while (at < text.length && !/[,\]} \t\r\n]/.test(text[at])) at++;
  return at;
}

// The elements of an array, or the members of an object as [name, value]; values are text. The text has to be valid JSON.
export function parts(text) {
  const found = [];
  let at = skip(text, 0);
  const isObject = text[at] === "{";
  at = skip(text, at + 1);
  while (text[at] !== "}" && text[at] !== "]") {
    let name;
    if (isObject) {
      const nameEnd = end(text, at);
      name = JSON.parse(text.slice(at, nameEnd));
      at = skip(text, skip(text, nameEnd) + 1);
    }
    const valueEnd = end(text, at);
    found.push(isObject ? [name, text.slice(at, valueEnd)] : text.slice(at, valueEnd));
    at = skip(text, valueEnd);
    if (text[at] === ",") at = skip(text, at + 1);
  }
  return found;
}

export const member = (text, name) => parts(text).findLast(([key]) => key === name)?.[1];

// What is at a path of names; undefined where there is nothing.
export function at(text, names) {
  for (const name of names) {
    if (text?.trimStart()[0] !== "{") return undefined;
    text = member(text, name);
  }
  return text;
}

export function pretty(text, indent = "") {
  text = text.trim();
  const isObject = text[0] === "{";
  if (!isObject && text[0] !== "[") return text;
  const inner = `${indent}  `;
  const lines = parts(text).map(part => isObject ? `${inner}${JSON.stringify(part[0])}: ${pretty(part[1], inner)}` : inner + pretty(part, inner));
  if (lines.length === 0) return isObject ? "{}" : "[]";
  return `${isObject ? "{" : "["}\n${lines.join(",\n")}\n${indent}${isObject ? "}" : "]"}`;
}

const system = new Set(["_rid", "_self", "_etag", "_attachments", "_ts", "_lsn"]);

// An item without what the store adds to it.
export function own(text) {
  const members = parts(text).filter(([name]) => !system.has(name));
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}

// Headers are ASCII.
export const ascii = text => text.replace(/[\u0080-\uffff]/g, c => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
