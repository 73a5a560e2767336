import { Server as NetServer, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** How long kept-alive connections may bring further requests, in ms: longer than the proxy keeps an idle one. */
const GRACE_MS = 2_500;
/** When what still runs is cut off, in ms; the process has ten seconds in all. */
const DEADLINE_MS = 7_000;
const LOOK_MS = 50;

/**
 * Ends an HTTP server without failing a request. A proxy keeps connections open and may be sending on one at this very
 * moment; closing it then, as `http.Server.close` does with what looks idle, is an error that the proxy must not repair
 * for a POST. So: stop listening (new connections are refused and go elsewhere), answer on the others with
 * `Connection: close`, and close what stayed idle only when the proxy would have done so itself.
 */
export function drainable(server: FastifyInstance): () => Promise<void> {
  let draining = false;
  const sockets = new Set<Socket>();
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.addHook('onSend', (_request, reply, payload, done) => {
    if (draining) reply.header('connection', 'close');
    done(null, payload);
  });
  return () => {
    draining = true;
    const http = server.server;
    if (!http.listening) return Promise.resolve();
    const started = Date.now();
    const look = setInterval(() => {
      const ms = Date.now() - started;
      if (ms > DEADLINE_MS) http.closeAllConnections();
      // After what has arrived was read: a connection with a request that waits in the kernel only looks idle.
      else if (ms > GRACE_MS) {
        setImmediate(() => {
          http.closeIdleConnections();
          // Node waits for the first request of those that were opened in advance, as browsers do, and calls none idle.
          for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
        });
      }
    }, LOOK_MS);
    return new Promise((resolve) => {
      NetServer.prototype.close.call(http, () => {
        clearInterval(look);
        resolve();
      });
    });
  };
}
