import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Above the ports of the suite itself, and below those that outgoing connections get (from 32768 on: ip(7),
 * `ip_local_port_range`): any of them may hold one there just when a server that was stopped wants its port back.
 */
const [FROM, BELOW] = [20_000, 32_000];

/** A port of 127.0.0.1 that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const port = randomInt(FROM, BELOW);
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return freePort();
  }
  await new Promise((resolve) => server.close(resolve));
  return port;
}
