import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands before a store, and can be shut: the store is then away for whoever comes through here, and for nobody else. */
export class Gate {
  private server?: Server;
  private readonly sockets = new Set<Socket>();
  private chosen = 0;

  constructor(private readonly to: { host: string; port: number }) {}

  /** The same one each time it is opened. */
  get port(): number {
    return this.chosen;
  }

  async open(): Promise<void> {
    this.server = createServer((client) => {
      const store = connect(this.to);
      for (const [socket, other] of [[client, store] as const, [store, client] as const]) {
        this.sockets.add(socket);
        socket.on('error', () => undefined).on('close', () => (this.sockets.delete(socket), other.destroy()));
      }
      client.pipe(store).pipe(client);
    }).listen(this.chosen, '127.0.0.1');
    await once(this.server, 'listening');
    this.chosen = (this.server.address() as AddressInfo).port;
  }

  /** Cuts who is inside, and lets nobody in. */
  shut(): void {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
