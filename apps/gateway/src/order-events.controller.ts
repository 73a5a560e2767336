import { randomUUID } from 'node:crypto';
import { Controller, Headers, Param, Req, Sse, type MessageEvent } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';
import { orders, Problem } from '@suite/contracts';
import { Bus, callerOf, currentContext } from '@suite/platform';
import { AudienceService } from './audience.service';
import { Described } from './described';
import { LiveFeed } from './live-feed';
import { LiveService } from './live.service';
import { MissedService } from './missed.service';
import { orderEventView } from './order-event.view';
import { LOOK_AFTER_MS, SessionService } from './session.service';

/** Proxies and browsers take silence for an end; a comment is heard by nobody. */
const HEARTBEAT_MS = 15_000;
const EVENT_ID = /^[\w.-]{1,100}$/;

/** The events of one order for those without sockets (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
@ApiTags('Orders')
@Controller(['orders', 'order'])
export class OrderEventsController {
  constructor(
    private readonly bus: Bus,
    private readonly live: LiveService,
    private readonly past: MissedService,
    private readonly audience: AudienceService,
    private readonly sessions: SessionService,
  ) {}

  @Sse(':id/events')
  @Described({
    summary: 'Follow an order, as server-sent events',
    description:
      'All that has happened to it so far, then what happens, until one of the two goes: events `order.updated`. With ' +
      '`Last-Event-ID` only what followed that one. It ends with the session, and when the access token does: come again ' +
      'with a new one.',
    stream: true,
    params: { id: 'orderId' },
    headers: { 'Last-Event-ID': 'The event that was heard last' },
    problems: ['UNAUTHORIZED', 'ORDER_NOT_FOUND'],
  })
  async events(
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() { claims }: FastifyRequest,
  ): Promise<Observable<MessageEvent>> {
    if (lastEventId !== undefined && !EVENT_ID.test(lastEventId)) {
      const message = 'Last-Event-ID must be the id of an event';
      throw new Problem('VALIDATION_FAILED', message, { errors: [{ path: 'Last-Event-ID', message }] });
    }
    const { userId } = await this.bus.ask(orders.get, { id });
    const who = { caller: callerOf(), requestId: currentContext()!.requestId };
    const seat = randomUUID();
    await this.audience.enter(who.caller.userId, seat);

    return new Observable<MessageEvent>((subscriber) => {
      const missed = (since: { lastEventId?: string }) =>
        this.past.missed(who, { orderId: id, ...(since.lastEventId && { lastEventId: since.lastEventId }) });
      const feed = new LiveFeed(
        missed,
        (event) =>
          event.orderId === id && subscriber.next({ type: 'order.updated', id: event.id, data: orderEventView(event) }),
        lastEventId,
      );
      const leave = this.live.follow(feed, userId);
      const done = this.live.untilEnd(() => subscriber.complete());
      feed.catchUp().catch(() => subscriber.complete());
      const heartbeat = setInterval(() => {
        void this.audience.stay(who.caller.userId, seat);
        subscriber.next({ comment: 'still here' });
      }, HEARTBEAT_MS);
      const lookAfter = setInterval(() => {
        void this.sessions.stillStands(claims!).then((stands) => stands || subscriber.complete());
      }, LOOK_AFTER_MS);
      return () => {
        clearInterval(heartbeat);
        clearInterval(lookAfter);
        leave();
        done();
        void this.audience.leave(who.caller.userId, seat);
      };
    });
  }
}
