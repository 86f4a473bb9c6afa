// What a container was made with.
import { query } from "./api.js";
import { h } from "./dom.js";
import { own, pretty } from "./json.js";

export async function settings(view, { definition, signal }) {
  const offers = await query("/offers", "SELECT * FROM root r WHERE r.offerResourceId = @rid",
    { parameters: [{ name: "@rid", value: definition._rid }] });
  if (signal.aborted) return;
  const facts = [
    ["Partition key", `${definition.partitionKey.paths.join(", ")}${definition.partitionKey.systemKey ? " (of the system)" : ""}`],
    ["Throughput", throughput(offers.rows)],
    ["Time to live", lifetime(definition.defaultTtl)],
    ["Versions and deletes", definition.changeFeedPolicy?.retentionDuration
      ? `kept for ${definition.changeFeedPolicy.retentionDuration} min`
      : "not kept"],
    ["Resource id", definition._rid],
  ];
  view.replaceChildren(h("dl", { className: "facts" }, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    h("h2", {}, "Definition"), h("pre", { tabIndex: 0 }, pretty(own(JSON.stringify(definition)))));
}

function throughput(offers) {
  if (offers.length === 0) return "that of its database, shared";
  const { offerAutopilotSettings: autoscale, offerThroughput: manual } = JSON.parse(offers[0]).content;
  return autoscale ? `autoscale, up to ${autoscale.maxThroughput} RU/s` : `${manual} RU/s`;
}

const lifetime = ttl => ttl === undefined ? "off" : ttl === -1 ? "on, where an item has its own" : `${ttl} s`;
