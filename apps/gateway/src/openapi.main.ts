import 'reflect-metadata';
import { createGateway } from './gateway';
import { buildDocument } from './openapi';

/** Prints the document, its examples with `{{names}}` in place of live ids. It needs no store and no service. */
async function print(): Promise<void> {
  const { app } = await createGateway(false);
  process.stdout.write(JSON.stringify(buildDocument(app)), () => process.exit(0));
}

void print();
