// Creates an order, reads it, finds it by query and in the change feed. The address and the key come from the environment.
import { ChangeFeedStartFrom, CosmosClient } from "@azure/cosmos";

const client = new CosmosClient({
  endpoint: process.env.COSMOS_ENDPOINT,
  key: process.env.COSMOS_KEY,
  connectionPolicy: { enableEndpointDiscovery: false },
});
const { database } = await client.databases.createIfNotExists({ id: "shop" });
const { container } = await database.containers.createIfNotExists({ id: "orders", partitionKey: { paths: ["/customer"] } });

await container.items.upsert({ id: "1", customer: "ada", total: 42 });
const read = await container.item("1", "ada").read();
console.log(`read ${read.resource.total} for ${read.requestCharge} RU`);

const { resources } = await container.items.query("SELECT * FROM c WHERE c.total > 40").fetchAll();
for (const order of resources) console.log(`found ${order.id}`);

const changes = container.items.getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning("ada") });
for (const change of (await changes.readNext()).result) console.log(`changed ${change.id}`);
