/** A microservice as Nest's own guide has it, with Redis and Mongoose, and nothing in it. Plain JavaScript, as what is built is. */
require('reflect-metadata');
const { Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { Transport } = require('@nestjs/microservices');
const { MongooseModule } = require('@nestjs/mongoose');

const { MONGODB_URI, REDIS_HOST, REDIS_PORT } = process.env;

class PlainModule {}
Module({ imports: [MongooseModule.forRoot(MONGODB_URI, { dbName: 'bench-start' })] })(PlainModule);

process.on('SIGTERM', () => process.exit(0));
void (async () => {
  const app = await NestFactory.createMicroservice(PlainModule, {
    transport: Transport.REDIS,
    options: { host: REDIS_HOST, port: Number(REDIS_PORT) },
    logger: false,
  });
  await app.listen();
  process.send('ready');
})();
