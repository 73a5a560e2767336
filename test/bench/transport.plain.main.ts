import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MessagePattern, Transport } from '@nestjs/microservices';
import { PLAIN_ECHO, type Echo } from './transport.echo';

/** The baseline: Nest's own Redis transport, which is publish and subscribe: nothing is kept, validated or repeated. */
@Controller()
class EchoController {
  @MessagePattern(PLAIN_ECHO)
  echo({ text }: Echo): Echo {
    return { text };
  }
}

@Module({ controllers: [EchoController] })
class EchoModule {}

void (async () => {
  const { REDIS_HOST: host, REDIS_PORT: port } = process.env;
  const options = { host, port: Number(port) };
  const app = await NestFactory.createMicroservice(EchoModule, { transport: Transport.REDIS, options, logger: false });
  await app.listen();
  process.send!('ready');
})();
