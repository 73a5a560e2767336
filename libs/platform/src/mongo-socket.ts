import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

/** What is used of the driver's own class for one connection; it is not part of what the driver exports. */
export interface DriverConnection {
  readonly socket: Socket;
  readonly closed: boolean;
  cleanup: (this: DriverConnection, error: Error) => void;
}

/** The driver that mongoose uses, wherever npm has put it. */
const driver = createRequire(require.resolve('mongoose'));
export const { Connection } = driver('mongodb/lib/cmap/connection.js') as {
  Connection: { new (...args: unknown[]): DriverConnection; prototype: DriverConnection };
};

const patched = Symbol('failWhatWaitsForAClosedSocket');

/**
 * Mends a fault of the driver (mongodb 7.8.0): a command that does not fit into the socket's buffer waits for `drain`,
 * and when the connection is closed meanwhile without an error (as when mongod is killed), it waits for ever, because
 * only an `error` ends that wait. No time-out of the driver reaches there (`timeoutMS` has no effect in this version).
 * Since writes go out in groups, two such waits held up all orders of a process until it was restarted.
 *
 * So whoever waits for a socket that was closed is told of the error with which its connection ended.
 */
export function failWhatWaitsForAClosedSocket(): void {
  const connection = Connection.prototype as DriverConnection & { [patched]?: true };
  if (connection[patched]) return;
  const { cleanup } = connection;
  connection.cleanup = function (this: DriverConnection, error: Error): void {
    const first = !this.closed;
    cleanup.call(this, error);
    // The connection itself listens too, and takes no notice any more.
    if (first && this.socket.listenerCount('drain') > 0) this.socket.emit('error', error);
  };
  connection[patched] = true;
}
