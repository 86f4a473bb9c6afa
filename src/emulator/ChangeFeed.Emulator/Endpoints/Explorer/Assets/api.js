// Requests to the endpoint's own interface, opened by the key where one is asked for.
import { ascii, at, parts } from "./json.js";

const keyName = "data-explorer-key";

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const useKey = key => sessionStorage.setItem(keyName, key);

export const hasKey = () => sessionStorage.getItem(keyName) !== null;

export async function call(method, path, headers = {}, body = undefined) {
  const key = sessionStorage.getItem(keyName);
  const answer = await fetch(`/_explorer/api${path}`, {
    method, body, cache: "no-store", headers: { ...(key ? { Authorization: `Bearer ${key}` } : {}), ...headers },
  });
  const text = await answer.text();
  const header = name => answer.headers.get(name);
  if (!answer.ok && answer.status !== 304) throw new ApiError(answer.status, messageOf(text) ?? `${answer.status} ${answer.statusText}`);
  return { status: answer.status, text, header, charge: Number(header("x-ms-request-charge") ?? 0) };
}

function messageOf(text) {
  try {
    return JSON.parse(text).message;
  } catch {
    return text || undefined;
  }
}

export const json = async path => JSON.parse((await call("GET", path)).text);

const enc = encodeURIComponent;

export const containerPath = ({ db, coll }) => `/dbs/${enc(db)}/colls/${enc(coll)}`;

export const itemPath = (container, id) => `${containerPath(container)}/docs/${enc(id)}`;

export const partitionsOf = ({ db, coll }) => json(`/_emulator/containers/${enc(db)}/${enc(coll)}/partitions`);

export const split = ({ db, coll }, partition) => call("POST", `/_emulator/containers/${enc(db)}/${enc(coll)}/split/${enc(partition)}`);

export const statistics = () => json("/_emulator/stats");

// The pages of a list of databases or containers, as one.
export async function all(path, name) {
  const found = [];
  let continuation;
  do {
    const page = await call("GET", path, continuation ? { "x-ms-continuation": continuation } : {});
    found.push(...JSON.parse(page.text)[name]);
    continuation = page.header("x-ms-continuation");
  } while (continuation);
  return found;
}

export async function query(path, text, { size, continuation, parameters = [] } = {}) {
  const answer = await call("POST", path, {
    "Content-Type": "application/query+json",
    "x-ms-documentdb-isquery": "True",
    "x-ms-documentdb-query-enablecrosspartition": "True",
    ...(size ? { "x-ms-max-item-count": String(size) } : {}),
    ...(continuation ? { "x-ms-continuation": continuation } : {}),
  }, JSON.stringify({ query: text, parameters }));
  return { ...answer, continuation: answer.header("x-ms-continuation"), rows: listed(answer.text) };
}

// The rows of an answer as text; it has one array.
export const listed = text => parts(parts(text).find(([, value]) => value[0] === "[")[1]);

// The value of the header that names an item's partition key.
export const keyOf = (definition, item) =>
  ascii(`[${definition.partitionKey.paths.map(path => at(item, namesOf(path)) ?? "{}").join(",")}]`);

// "/a/b" and /"a b"/c both are paths of names.
export const namesOf = path => [...path.matchAll(/\/(?:"((?:[^"\\]|\\.)*)"|([^/]*))/g)].map(([, quoted, plain]) => quoted ?? plain);
