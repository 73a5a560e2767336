import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { isProduction, runProcess, SettingsError } from '@suite/platform';
import { SandboxConfig } from './sandbox.config';
import { SandboxModule } from './sandbox.module';

void runProcess('sandbox', async (logger) => {
  if (isProduction()) {
    throw new SettingsError(['The sandbox shows every mail to everybody: it never starts with NODE_ENV=production']);
  }
  const app = await NestFactory.create<NestFastifyApplication>(SandboxModule, new FastifyAdapter(), {
    logger,
    abortOnError: false,
  });
  const { SANDBOX_PORT, SANDBOX_HOST } = app.get(SandboxConfig);
  await app.listen(SANDBOX_PORT, SANDBOX_HOST);
  logger.log(`The inbox is at http://${SANDBOX_HOST}:${SANDBOX_PORT}`);
  return app;
});
