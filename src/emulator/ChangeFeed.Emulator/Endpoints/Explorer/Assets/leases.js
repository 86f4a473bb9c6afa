// The leases of change feed processors, in words: who reads which partition, and how far behind.
import { containerPath, partitionsOf, query } from "./api.js";
import { age, h, some } from "./dom.js";

const pause = 2000; // milliseconds between two looks
const lifetime = 60000; // the processor's own default: a lease that old is anybody's

export async function leases(view, { container, containers, signal }) {
  while (!signal.aborted) {
    const found = await all(container);
    const processors = Map.groupBy(found, lease => lease.id.slice(0, lease.id.lastIndexOf("..")));
    const sections = await Promise.all([...processors].map(([name, own]) => section(name, own, containers)));
    if (signal.aborted) return;
    view.replaceChildren(...(sections.length === 0
      ? [h("p", {}, "No leases here. A change feed processor whose lease container this is keeps one for each partition it reads.")]
      : sections));
    await new Promise(resolve => setTimeout(resolve, pause));
  }
}

async function all(container) {
  const found = [];
  let continuation;
  do {
    const page = await query(`${containerPath(container)}/docs`, "SELECT * FROM c WHERE IS_DEFINED(c.LeaseToken)", { size: 100, continuation });
    found.push(...page.rows.map(row => JSON.parse(row)));
    continuation = page.continuation;
  } while (continuation);
  return found;
}

// An id is prefix, host, _, rid of the database, _, rid of the container, .., lease.
async function section(name, own, containers) {
  const read = containers.find(known => name.endsWith(`_${known.rid}`));
  const prefix = /^(.*?)(?:localhost|\d+\.\d+\.\d+\.\d+|[\w.-]+)_[^_]+_[^_]+$/.exec(name)?.[1] || name;
  const parts = read ? await partitionsOf(read).catch(() => []) : [];
  const gone = read ? `${read.db}/${read.coll}` : "a container that is not here";
  own.sort((a, b) => a.LeaseToken.localeCompare(b.LeaseToken, "en", { numeric: true }));
  const lags = own.map(lease => lagOf(lease, parts));
  const behind = lags.reduce((sum, lag) => sum + (lag ?? 0), 0);
  return h("section", { className: "processor" }, h("h2", {}, `Processor ${prefix.replace(/[:.]+$/, "")}`),
    h("p", { className: "soft" }, `Reads ${gone} with ${some(own.length, "lease")}, held by `
      + `${some(new Set(own.map(lease => lease.Owner).filter(Boolean)).size, "instance")}; `
      + `${behind === 0 ? "up to date" : `${some(behind, "transaction")} behind`}.`),
    h("ul", { className: "leases" }, own.map((lease, i) => h("li", {}, sentence(lease, lags[i])))));
}

function sentence(lease, lag) {
  const passed = Date.now() - Date.parse(lease.timestamp);
  const owner = lease.Owner
    ? [h("strong", {}, lease.Owner), passed > lifetime ? ` held it, last renewed ${age(passed)}: anybody may take it`
      : ` holds it, renewed ${age(passed)}`]
    : [`nobody holds it, let go ${age(passed)}`];
  const position = lease.ContinuationToken ? `handled up to LSN ${lsnOf(lease)}` : "nothing handled yet";
  const words = lag === undefined ? [] : lag === 0 ? [", up to date"] : [", ", h("span", { className: "late" }, `${some(lag, "transaction")} behind`)];
  return [`Partition ${lease.LeaseToken}: `, owner, `; ${position}`, words, "."];
}

const lsnOf = lease => Number(/\d+/.exec(lease.ContinuationToken)?.[0] ?? 0);

// Undefined where the partition is gone or the container is not here, and where the processor has not said yet where it began.
function lagOf(lease, parts) {
  const part = lease.ContinuationToken && parts.find(known => known.id === lease.LeaseToken);
  return part && Math.max(0, part.lsn - lsnOf(lease));
}
