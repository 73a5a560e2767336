import { Inject, Injectable } from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { Problem } from '@suite/contracts';
import { HealthChecks } from '../health-checks';
import { gauge } from '../metrics';
import { PlatformConfig } from '../platform.config';
import { RedisLink } from '../redis-link';
import { SERVICE_NAME } from '../service-name';
import { Answering, isRequest } from './answering';
import { deadLetterOf } from './dead-letter';
import { Handlers } from './handlers';
import { Hearing } from './hearing';
import { Janitor } from './janitor';
import { Seals } from './seals';
import { Settlements } from './settlements';
import { StreamReader, type Delivery } from './stream-reader';
import { processId, keys, type Envelope } from './wire';

/** How long a process that was told to end may take for what it has in hand. */
const DRAIN_MS = 8_000;

/**
 * The answering side of the transport, as a Nest strategy: reads the inbox of the service and the facts it hears. With
 * several replicas each message goes to one of them. It starts and stays while Redis is away.
 */
@Injectable()
export class StreamsServer extends Server implements CustomTransportStrategy {
  override readonly propagatesEventHandlerErrors = true;
  private readonly settlements: Settlements;
  private readonly answering: Answering;
  private readonly hearing: Hearing;
  private readonly readers = new Map<string, StreamReader>();
  private janitors: Janitor[] = [];

  constructor(
    @Inject(SERVICE_NAME) private readonly service: string,
    private readonly link: RedisLink,
    private readonly config: PlatformConfig,
    health: HealthChecks,
    seals: Seals,
  ) {
    super();
    health.add('messages', () => (this.alive ? undefined : 'not reading'));
    gauge(
      'transport_inbox_messages',
      'In the inbox of this service, waiting or in hand. The same on each replica: use max',
      () => link.redis.xlen(keys.inbox(service)),
    );
    gauge(
      'transport_dead_letters',
      'Messages and facts that this service has given up and that nobody has cleared away. The same on each replica: use max',
      () => link.redis.xlen(keys.deadLetters(service)),
    );
    this.settlements = new Settlements(link, service);
    const handlers = new Handlers(this.messageHandlers, health);
    this.answering = new Answering(handlers, link, this.settlements, seals);
    this.hearing = new Hearing(handlers, this.settlements, (delivery) =>
      this.readers.get(delivery.stream)!.writeAttempts(delivery),
    );
  }

  listen(callback: () => void): void {
    const facts = [...this.messageHandlers].filter(([, handler]) => handler.isEventHandler).map(([name]) => name);
    const domains = new Set(facts.map((name) => keys.facts(name.split('.', 1)[0])));
    for (const stream of [keys.inbox(this.service), ...domains]) {
      const reader = new StreamReader(this.link, {
        stream,
        group: this.service,
        consumer: processId,
        maxInFlight: this.config.TRANSPORT_MAX_IN_FLIGHT,
        leaseMs: this.config.TRANSPORT_LEASE_MS,
        handle: (delivery) => this.receive(delivery),
      });
      this.readers.set(stream, reader);
      reader.start();
    }
    this.janitors = [...domains].map((stream) => new Janitor(this.link, stream));
    callback();
  }

  /** All streams are read, and the other replicas see this one as alive. */
  get alive(): boolean {
    return this.readers.size > 0 && [...this.readers.values()].every((reader) => reader.alive);
  }

  /** Reads no more and waits for what is in hand; loses nothing. What is not done in time is taken over by others. */
  async close(): Promise<void> {
    const deadline = Date.now() + DRAIN_MS;
    this.janitors.forEach((janitor) => janitor.stop());
    this.hearing.close();
    await Promise.all([...this.readers.values()].map((reader) => reader.close(deadline)));
  }

  on(): never {
    throw new Error('This transport has no events of its own; see `alive`');
  }

  unwrap<T>(): T {
    return this.link.redis as T;
  }

  private receive(delivery: Delivery): Promise<void> {
    let envelope: Envelope;
    try {
      envelope = JSON.parse(delivery.text) as Envelope;
    } catch (cause) {
      const { stream, id } = delivery;
      this.logger.error(`What lies in ${stream} under ${id} is no message`);
      const deadLetter = deadLetterOf(delivery, new Problem('INTERNAL_ERROR', undefined, {}, { cause }));
      return this.settlements.add({ stream, id, deadLetter });
    }
    return isRequest(envelope) ? this.answering.answer(delivery, envelope) : this.hearing.hear(delivery, envelope);
  }
}
