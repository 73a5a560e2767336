import { io, type Socket } from 'socket.io-client';
import { BASE_URL, type CallOptions } from './client';
import { eventually } from './eventually';

export interface OrderEventView {
  id: string;
  orderId: string;
  number: string;
  seq: number;
  kind: string;
  status: string;
  previousStatus?: string;
  at: string;
  failure?: { code: string; message: string };
}

/** A browser that listens, as any client of Socket.io does. */
export class Listener {
  readonly events: OrderEventView[] = [];
  /** Everything else that it hears, by name. */
  readonly others: [name: string, body: unknown][] = [];
  refusal?: { code: string; detail: string };
  /** It was connected, and is not any more. */
  ended = false;

  private constructor(readonly socket: Socket) {
    socket.on('order.updated', (event: OrderEventView) => this.events.push(event));
    socket.onAny((name: string, body: unknown) => name === 'order.updated' || this.others.push([name, body]));
    socket.on('disconnect', () => (this.ended = true));
    socket.on('connect_error', (error) => {
      this.refusal = (error as Error & { data?: Listener['refusal'] }).data ?? { code: error.message, detail: '' };
    });
  }

  /** @param auth what it says of itself, or headers such as a cookie instead. */
  static open(auth: object, { url = BASE_URL, headers = {} }: { url?: string; headers?: object } = {}): Listener {
    return new Listener(
      io(url, {
        transports: ['websocket'],
        auth: auth as Record<string, unknown>,
        extraHeaders: headers as Record<string, string>,
        forceNew: true,
        reconnection: false,
      }),
    );
  }

  /** Once it is connected. */
  static async connect(...args: Parameters<typeof Listener.open>): Promise<Listener> {
    const listener = Listener.open(...args);
    await eventually(() => {
      if (!listener.socket.connected) throw new Error(`not connected: ${listener.refusal?.code ?? 'no answer'}`);
    });
    return listener;
  }

  /** What a refused one is told. */
  static async refused(...args: Parameters<typeof Listener.open>): Promise<{ code: string; detail: string }> {
    const listener = Listener.open(...args);
    try {
      return await eventually(() => {
        if (!listener.refusal) throw new Error(listener.socket.connected ? 'it was let in' : 'no answer');
        return listener.refusal;
      });
    } finally {
      listener.close();
    }
  }

  get lastEventId(): string | undefined {
    return this.events.at(-1)?.id;
  }

  /** What happened to one order, as it was heard. */
  seqsOf(orderId: string): number[] {
    return this.events.filter((event) => event.orderId === orderId).map(({ seq }) => seq);
  }

  heard(name: string): unknown[] {
    return this.others.filter(([other]) => other === name).map(([, body]) => body);
  }

  close(): void {
    this.socket.close();
  }
}

export interface ServerSentEvent {
  id?: string;
  event?: string;
  data?: unknown;
}

/** A stream of server-sent events that is open. */
export class EventStream {
  readonly events: ServerSentEvent[] = [];
  ended = false;
  private readonly aborting = new AbortController();
  status = 0;
  headers = new Headers();

  /** By GET, or by POST where there is a body. */
  static async open(path: string, { token, headers, body }: CallOptions = {}): Promise<EventStream> {
    const stream = new EventStream();
    const answer = await fetch(BASE_URL + path, {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      headers: {
        accept: 'text/event-stream',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      signal: stream.aborting.signal,
    });
    stream.status = answer.status;
    stream.headers = answer.headers;
    void stream.read(answer.body!).catch(() => undefined);
    return stream;
  }

  close(): void {
    this.aborting.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
      const blocks = (text + Buffer.from(chunk).toString()).split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) this.take(block);
    }
    this.ended = true;
  }

  private take(block: string): void {
    const fields = Object.fromEntries(
      block
        .split('\n')
        .filter((line) => !line.startsWith(':'))
        .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
    ) as Record<string, string>;
    if (fields.data) this.events.push({ id: fields.id, event: fields.event, data: JSON.parse(fields.data) });
  }
}
