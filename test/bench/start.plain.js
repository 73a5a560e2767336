/** What a process costs before it is anything: Node, and both drivers connected. Plain JavaScript, as what is built is. */
const { Redis } = require('ioredis');
const { mongo } = require('mongoose');

const { MONGODB_URI, REDIS_HOST, REDIS_PORT } = process.env;

process.on('SIGTERM', () => process.exit(0));
void (async () => {
  const client = await new mongo.MongoClient(MONGODB_URI).connect();
  await client.db('bench-start').command({ ping: 1 });
  await new Redis({ host: REDIS_HOST, port: Number(REDIS_PORT) }).ping();
  process.send('ready');
})();
