import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { MongoLink, runProcess } from '@suite/platform';
import { RebuildModule } from './rebuild.module';
import { RebuildService } from './rebuild.service';

/** `npm run reports:rebuild`: does it once, and ends. */
void runProcess('rebuild', async (logger) => {
  const app = await NestFactory.createApplicationContext(RebuildModule, { logger, abortOnError: false });
  await app.get(MongoLink).whenOpen();
  await app.get(RebuildService).rebuild();
  await app.close();
  return app;
});
