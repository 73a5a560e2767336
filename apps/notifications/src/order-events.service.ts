import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { LIVE_STREAM, Problem, type OrderChanged, type SendMail } from '@suite/contracts';
import {
  backoff,
  collectionOf,
  duplicateKeysOf,
  failpoints,
  GroupCommit,
  isWeather,
  PlatformConfig,
  RedisLink,
  sayLive,
} from '@suite/platform';
import type { Model } from 'mongoose';
import { NotificationsConfig } from './notifications.config';
import { KEPT_SECONDS, OrderEventRecord } from './order-event.schema';
import { eventId, eventOf, idsToKnow, placedAt, recordOf, sayable, type Heard } from './order-events';
import { UnwrittenEventsService } from './unwritten-events.service';

const FIRST_RETRY_MS = 25;
const MAX_RETRY_MS = 400;
/** Of an order that is older than what is kept, the event before is probably forgotten. */
const PATIENCE_WITH_OLD_MS = 1_000;

/**
 * Says to the gateways what happened to orders, each order's events in the order of their seq, whichever replica hears
 * which fact when, and writes each down once it was said. That one was written is the turn of the next: nobody says an
 * event before the one in front of it was said. A replica that dies in between has not acknowledged its facts, and
 * whoever hears them then says them again.
 */
@Injectable()
export class OrderEventsService implements OnModuleDestroy {
  private readonly closing = new AbortController();
  private readonly saying = new GroupCommit<Heard, boolean>({
    name: 'order events',
    commit: (heard) => this.sayAll(heard),
    maxBatch: 256,
    separate: (error) => !isWeather(error),
  });

  constructor(
    @InjectModel(OrderEventRecord.name) private readonly events: Model<OrderEventRecord>,
    private readonly link: RedisLink,
    private readonly unwritten: UnwrittenEventsService,
    private readonly settings: NotificationsConfig,
    private readonly platform: PlatformConfig,
  ) {}

  /** What still waits for the one in front of it is left to another replica. */
  onModuleDestroy(): void {
    this.closing.abort();
  }

  /**
   * Resolves when it was said and is written down. Safe to repeat.
   * @param mail is kept for `MAIL_WAITING_AFTER_MS`, and forgotten if something else happens meanwhile
   * @throws Problem SERVICE_UNAVAILABLE when this replica ends first
   */
  async say(fact: OrderChanged, mail?: SendMail): Promise<void> {
    const heardAt = Date.now();
    const due = new Date(heardAt + this.settings.MAIL_WAITING_AFTER_MS);
    const waiting = mail && { due, mail: JSON.stringify(mail) };
    const overdueAt = heardAt + this.patienceWith(fact);
    for (let attempt = 1; ; attempt++) {
      if (await this.saying.add({ fact, waiting, overdue: Date.now() >= overdueAt })) return;
      await this.pause(backoff(attempt, FIRST_RETRY_MS, MAX_RETRY_MS));
    }
  }

  /**
   * For how long the event in front of it is waited for, in ms. Whoever has that in hand may die, and then it is taken
   * over, a portion at a time; but it may also be a dead letter. Facts that wait take up slots of the transport, so that
   * it must not be long where there is little hope.
   */
  private patienceWith({ orderId }: OrderChanged): number {
    const isOld = Date.now() - placedAt(orderId) > KEPT_SECONDS * 1_000;
    return isOld ? PATIENCE_WITH_OLD_MS : 5 * this.platform.TRANSPORT_LEASE_MS;
  }

  private async pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.closing.signal }).catch(() => {
      throw new Problem('SERVICE_UNAVAILABLE');
    });
  }

  /** False where the one in front of it has not been said. */
  private async sayAll(heard: Heard[]): Promise<boolean[]> {
    const said = await this.saidOf(heard.flatMap(({ fact }) => idsToKnow(fact)));
    const next = sayable(heard, said);
    if (next.length > 0) await this.sayAndWrite(next);
    for (const { fact } of next) said.add(eventId(fact.orderId, fact.seq));
    return heard.map(({ fact }) => said.has(eventId(fact.orderId, fact.seq)));
  }

  /** From the index alone. */
  private async saidOf(ids: string[]): Promise<Set<string>> {
    const found = await collectionOf(this.events)
      .find({ _id: { $in: ids } }, { projection: { _id: 1 } })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  private async sayAndWrite(heard: Heard[]): Promise<void> {
    const events = heard.map(({ fact }) => eventOf(fact));
    const say = () =>
      sayLive(
        this.link.redis,
        LIVE_STREAM,
        events.map((event) => JSON.stringify(event)),
      );
    const inTime = await this.unwritten.announced(async () => {
      const places = await say();
      if (failpoints) for (const event of events) await failpoints.reach('event.said', event);
      const records = events.map((event, i) => recordOf(event, places[i], heard[i].waiting));
      // One that is known already was said by another replica as well.
      await collectionOf(this.events).insertMany(records, { ordered: false }).catch(duplicateKeysOf);
    });
    if (!inTime) await say();
  }
}
