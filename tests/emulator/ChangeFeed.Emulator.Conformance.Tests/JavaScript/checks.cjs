// Runs the main paths of the endpoint through @azure/cosmos and prints one JSON line per check.
const { CosmosClient, BulkOperationType, ChangeFeedStartFrom, PartitionKeyKind, PartitionKeyDefinitionVersion } = require('@azure/cosmos');

const [endpoint, key] = process.argv.slice(2);
const client = new CosmosClient({ endpoint, key, connectionPolicy: { enableEndpointDiscovery: false } });

async function check(name, body) {
  try {
    await body();
    console.log(JSON.stringify({ name, ok: true }));
  } catch (error) {
    console.log(JSON.stringify({ name, ok: false, detail: String(error.stack ?? error).slice(0, 2000) }));
  }
}

function same(actual, expected) {
  const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== e) throw new Error(`expected ${e}, got ${a}`);
}

async function fails(code, action) {
  try {
    await action();
  } catch (error) {
    return same(error.code, code);
  }
  throw new Error(`expected ${code}, but it succeeded`);
}

async function all(iterator) {
  return (await iterator.fetchAll()).resources;
}

async function main() {
  const { database } = await client.databases.createIfNotExists({ id: 'javascript' });
  const id = `c${Date.now()}`;
  const { container } = await database.containers.createIfNotExists({
    id,
    partitionKey: { paths: ['/pk'] },
    indexingPolicy: {
      includedPaths: [{ path: '/*' }],
      compositeIndexes: [[{ path: '/g', order: 'ascending' }, { path: '/n', order: 'descending' }]],
    },
  });
  const items = container.items;

  await check('account is read', async () => same(typeof (await client.getDatabaseAccount()).resource.consistencyPolicy !== 'undefined' || true, true));
  await check('container is read, listed and queried', async () => {
    same((await container.read()).resource.id, id);
    same((await database.containers.readAll().fetchAll()).resources.some((c) => c.id === id), true);
    same((await all(database.containers.query({ query: 'SELECT * FROM c WHERE c.id = @id', parameters: [{ name: '@id', value: id }] }))).length, 1);
  });
  await check('item is created, read, replaced, upserted and deleted', async () => {
    const created = await items.create({ id: '1', pk: 'a', n: 1 });
    same(created.statusCode, 201);
    same((await container.item('1', 'a').read()).resource.n, 1);
    await container.item('1', 'a').replace({ id: '1', pk: 'a', n: 2 });
    await items.upsert({ id: '1', pk: 'a', n: 3 });
    same((await container.item('1', 'a').read()).resource.n, 3);
    await fails(409, () => items.create({ id: '1', pk: 'a' }));
    await fails(412, () => container.item('1', 'a').replace({ id: '1', pk: 'a' }, { accessCondition: { type: 'IfMatch', condition: created.etag } }));
    await container.item('1', 'a').delete();
    same((await container.item('1', 'a').read()).statusCode, 404);
  });
  await check('odd ids are addressed', async () => {
    for (const odd of ['a b', "it's", '1+1=2', 'ü€', 'a&b;c']) {
      await items.create({ id: odd, pk: odd });
      same((await container.item(odd, odd).read()).resource.id, odd);
      await container.item(odd, odd).delete();
    }
  });
  await check('keys of all kinds', async () => {
    for (const [name, pk] of [['s', 'x'], ['n', 4.5], ['b', true], ['z', null]]) {
      await items.create({ id: `key-${name}`, pk });
      same((await container.item(`key-${name}`, pk).read()).resource.pk, pk);
      await container.item(`key-${name}`, pk).delete();
    }
    await items.create({ id: 'none' });
    same((await container.item('none', undefined).read()).resource.id, 'none');
    await container.item('none', undefined).delete();
  });
  await check('item is patched, with and without a condition', async () => {
    await items.create({ id: 'p', pk: 'a', n: 1, list: [1] });
    await container.item('p', 'a').patch([{ op: 'incr', path: '/n', value: 4 }, { op: 'add', path: '/list/-', value: 2 }]);
    same((await container.item('p', 'a').read()).resource.list, [1, 2]);
    await container.item('p', 'a').patch({ condition: 'FROM c WHERE c.n = 5', operations: [{ op: 'set', path: '/m', value: 'x' }] });
    await fails(412, () => container.item('p', 'a').patch({ condition: 'FROM c WHERE c.n = 6', operations: [{ op: 'remove', path: '/m' }] }));
    await container.item('p', 'a').delete();
  });
  await check('batch is all or nothing', async () => {
    const done = await items.batch([
      { operationType: 'Create', resourceBody: { id: 'b1', pk: 'b' } },
      { operationType: 'Create', resourceBody: { id: 'b2', pk: 'b' } },
      { operationType: 'Read', id: 'b1' },
      { operationType: 'Patch', id: 'b2', resourceBody: { operations: [{ op: 'set', path: '/m', value: 1 }] } },
    ], 'b');
    same(done.result.map((r) => r.statusCode), [201, 201, 200, 200]);
    const failed = await items.batch([
      { operationType: 'Create', resourceBody: { id: 'b3', pk: 'b' } },
      { operationType: 'Create', resourceBody: { id: 'b1', pk: 'b' } },
    ], 'b');
    same(failed.result.map((r) => r.statusCode), [424, 409]);
    same((await container.item('b3', 'b').read()).statusCode, 404);
  });
  await check('bulk', async () => {
    const operations = [...Array(120).keys()].map((i) => ({ operationType: BulkOperationType.Create, partitionKey: `k${i}`, resourceBody: { id: `bulk${i}`, pk: `k${i}`, n: i, g: i % 3 } }));
    const done = await items.executeBulkOperations(operations);
    same(done.every((r) => r.response?.statusCode === 201), true);
  });
  const query = (text, options) => all(items.query(text, options));
  await check('query of one key', async () => same((await query('SELECT VALUE c.n FROM c WHERE c.n >= 0', { partitionKey: 'k7' })), [7]));
  await check('query of all partitions', async () => same((await query('SELECT * FROM c WHERE c.n < 50')).length, 50));
  await check('order by', async () => same(await query('SELECT VALUE c.n FROM c WHERE c.n < 5 ORDER BY c.n DESC'), [4, 3, 2, 1, 0]));
  await check('order by several', async () => same(await query('SELECT VALUE c.n FROM c WHERE c.n < 6 ORDER BY c.g, c.n DESC', { forceQueryPlan: true }), [3, 0, 4, 1, 5, 2]));
  await check('aggregates', async () => {
    same(await query('SELECT VALUE COUNT(1) FROM c WHERE c.n >= 0'), [120]);
    same(await query('SELECT VALUE SUM(c.n) FROM c'), [7140]);
    same(await query('SELECT VALUE MAX(c.n) FROM c'), [119]);
  });
  await check('group by', async () => same((await query('SELECT c.g, COUNT(1) AS n FROM c WHERE c.n >= 0 GROUP BY c.g')).sort((x, y) => x.g - y.g), [{ g: 0, n: 40 }, { g: 1, n: 40 }, { g: 2, n: 40 }]));
  await check('distinct', async () => same((await query('SELECT DISTINCT VALUE c.g FROM c WHERE c.n >= 0')).sort(), [0, 1, 2]));
  await check('top and offset', async () => {
    same(await query('SELECT TOP 2 VALUE c.n FROM c WHERE c.n >= 0 ORDER BY c.n'), [0, 1]);
    same(await query('SELECT VALUE c.n FROM c WHERE c.n >= 0 ORDER BY c.n OFFSET 3 LIMIT 2'), [3, 4]);
  });
  await check('paging', async () => {
    const iterator = items.query('SELECT * FROM c WHERE c.n >= 0', { maxItemCount: 7 });
    let count = 0;
    while (iterator.hasMoreResults()) count += (await iterator.fetchNext()).resources?.length ?? 0;
    same(count, 120);
  });
  await check('read all', async () => same((await items.readAll().fetchAll()).resources.length >= 120, true));
  await check('syntax error', () => fails(400, () => query('SELECT * FROM c WHERE c.n =')));
  await check('change feed', async () => {
    const feed = items.getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning(), maxItemCount: 50 });
    const seen = new Set();
    for (let empty = 0; empty < 8;) {
      const page = await feed.readNext();
      if (page.statusCode === 304) empty++;
      else page.result.forEach((item) => seen.add(`${item.pk}/${item.id}`));
    }
    same(seen.size, 122);
  });
  await check('change feed of one key', async () => {
    const feed = items.getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning('k3') });
    same((await feed.readNext()).result.map((item) => item.n), [3]);
  });
  await check('throughput', async () => {
    const { container: rich } = await database.containers.create({ id: `${id}-ru`, partitionKey: { paths: ['/pk'] }, throughput: 800 });
    const { resource } = await rich.readOffer();
    same(resource.content.offerThroughput, 800);
    resource.content.offerThroughput = 900;
    await client.offer(resource.id).replace(resource);
    same((await rich.readOffer()).resource.content.offerThroughput, 900);
  });
  await check('hierarchical keys', async () => {
    const { container: tree } = await database.containers.create({
      id: `${id}-h`, partitionKey: { paths: ['/t', '/u'], kind: PartitionKeyKind.MultiHash, version: PartitionKeyDefinitionVersion.V2 },
    });
    for (const [t, u] of [['a', 1], ['a', 2], ['b', 1]]) await tree.items.create({ id: 'x', t, u });
    same((await tree.item('x', ['a', 2]).read()).resource.u, 2);
    same((await tree.items.query('SELECT * FROM c', { partitionKey: ['a'] }).fetchAll()).resources.length, 2);
  });
  await check('scripts are not there and say so', () => fails(501, () => container.scripts.storedProcedures.create({ id: 's', body: 'function () {}' })));
  await check('container is deleted', async () => {
    await container.delete();
    await fails(404, () => container.read());
  });
  await check('a wrong key is refused', async () => {
    const stranger = new CosmosClient({ endpoint, key: Buffer.alloc(64).toString('base64'), connectionPolicy: { enableEndpointDiscovery: false } });
    await fails(401, () => stranger.database('javascript').read());
  });
}

main().then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
