// node client.cjs ADDRESS KEY ORDER: what the official client of JavaScript makes of the server, as one line of JSON.
const { Client } = require('@modelcontextprotocol/sdk/client/index.js');
const { StreamableHTTPClientTransport } = require('@modelcontextprotocol/sdk/client/streamableHttp.js');

(async () => {
  const [address, key, orderId] = process.argv.slice(2);
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers: { 'X-Api-Key': key } } }));
  // The client itself compares what a tool answers with the schema the tool has.
  const call = async (name, args) => (await client.callTool({ name, arguments: args })).structuredContent;
  const { tools } = await client.listTools();
  for (const [name, args] of [
    ['find_orders', { customer: 'c-1001' }], ['why_stuck', { orderId }], ['services', {}], ['parked_orders', {}],
    ['preview_replay', { service: 'payment' }], ['preview_replay', { service: 'payment', orderId }],
  ]) await call(name, args);
  const story = await call('order_story', { orderId });
  const asked = await call('cancel_order', { orderId, reason: 'the customer called' });
  const done = await call('cancel_order', { orderId, reason: 'the customer called', token: asked.token });
  const wrong = await client.callTool({ name: 'order_story', arguments: { orderId: '17' } });
  console.log(JSON.stringify({
    tools: tools.map(tool => tool.name), events: story.events.length, asked: asked.done, done: done.done, refused: wrong.isError, why: wrong.content[0].text,
  }));
  await client.close();
})().catch(e => { console.error(e); process.exit(1); });
