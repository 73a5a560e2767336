import 'reflect-metadata';
import { MongoLink, runOnce } from '@suite/platform';
import { RebuildModule } from './rebuild.module';
import { RebuildService } from './rebuild.service';

void runOnce({ service: 'rebuild', module: RebuildModule }, async (app) => {
  await app.get(MongoLink).whenOpen();
  await app.get(RebuildService).rebuild();
});
