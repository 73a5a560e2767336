import 'reflect-metadata';
import { runProcess } from '@suite/platform';
import { createGateway } from './gateway';

void runProcess('gateway', async (logger) => {
  const gateway = await createGateway(logger);
  await gateway.listen();
  return gateway;
});
