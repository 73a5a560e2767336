import { createRequire } from 'node:module';
import { Duplex } from 'node:stream';
import { Connection, failWhatWaitsForAClosedSocket, type DriverConnection } from './mongo-socket';

const driver = createRequire(require.resolve('mongoose'));
const { HostAddress, ns } = driver('mongodb/lib/utils.js') as {
  HostAddress: new (address: string) => object;
  ns: (name: string) => object;
};

type Commanding = DriverConnection & { command(ns: object, command: object, options: object): Promise<unknown> };

/** A peer that takes nothing: every write has to wait for it. */
class DeafSocket extends Duplex {
  constructor() {
    super({ writableHighWaterMark: 1 });
  }
  setTimeout(): this {
    return this;
  }
  override _read(): void {}
  override _write(): void {}
}

const connect = (socket: DeafSocket) =>
  new Connection(socket, { hostAddress: new HostAddress('127.0.0.1:27017') }) as Commanding;

describe('a command that waits for its socket to drain', () => {
  beforeAll(failWhatWaitsForAClosedSocket);

  it('fails when the connection is closed, and waits no longer', async () => {
    const socket = new DeafSocket();
    const connection = connect(socket);
    const answer = connection.command(ns('tea.$cmd'), { insert: 'cups' }, {});
    setImmediate(() => socket.destroy());
    await expect(answer).rejects.toThrow(/closed/);
    expect(connection.closed).toBe(true);
  });

  it('does not make the closing of an idle connection an error', async () => {
    const socket = new DeafSocket();
    const connection = connect(socket);
    const errors: unknown[] = [];
    socket.on('error', (error) => errors.push(error));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy();
    await closed;
    expect([connection.closed, errors]).toEqual([true, []]);
  });

  it('is mended once, however often it is said', () => {
    const { cleanup } = Connection.prototype;
    failWhatWaitsForAClosedSocket();
    expect(Connection.prototype.cleanup).toBe(cleanup);
  });
});
