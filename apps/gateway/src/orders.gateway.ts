import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import {
  WebSocketGateway,
  WebSocketServer,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from '@nestjs/websockets';
import { Problem, type OrderEvent } from '@suite/contracts';
import { problemOf } from '@suite/platform';
import { AudienceService } from './audience.service';
import { GateService } from './gate.service';
import { LiveFeed } from './live-feed';
import { LiveService } from './live.service';
import { MetricsFeedService } from './metrics-feed.service';
import { MissedService } from './missed.service';
import { adminOrderEventView, orderEventView } from './order-event.view';
import { handshakeOf, newSession, refusalOf, type OrderServer, type OrderSocket } from './order-socket';
import { Origins } from './origins';
import { callerFrom, LOOK_AFTER_MS, SessionService } from './session.service';

/** How often a seat is kept, in rounds of looking after all: well within the time that it lasts. */
const STAY_EVERY = 5;
/** A client has next to nothing to say. */
const MAX_SENT = 10;
const MAX_MESSAGE_BYTES = 8_192;
const ADMINS = 'admins';

/**
 * Live order events over Socket.io. Only WebSocket: long polling would need every request of a socket at the same gateway.
 * A socket hears its own user's orders, an admin's those of all; nothing a client says changes what it hears.
 */
@WebSocketGateway({
  path: '/socket.io',
  transports: ['websocket'],
  serveClient: false,
  maxHttpBufferSize: MAX_MESSAGE_BYTES,
})
export class OrdersGateway implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect, OnApplicationShutdown {
  @WebSocketServer()
  private readonly server: OrderServer;
  private readonly log = new Logger(OrdersGateway.name);
  private round?: NodeJS.Timeout;
  private rounds = 0;

  constructor(
    private readonly sessions: SessionService,
    private readonly origins: Origins,
    private readonly gate: GateService,
    private readonly audience: AudienceService,
    private readonly live: LiveService,
    private readonly past: MissedService,
    private readonly metrics: MetricsFeedService,
  ) {}

  afterInit(server: OrderServer): void {
    server.use((socket, next) => {
      this.admit(socket).then(
        () => next(),
        (error: unknown) => next(refusalOf(problemOf(error))),
      );
    });
    this.round = setInterval(() => this.lookAfterAll(), LOOK_AFTER_MS);
    this.metrics.start((metrics) => server.to(ADMINS).emit('admin.metrics', metrics));
  }

  onApplicationShutdown(): void {
    this.end();
  }

  handleConnection(socket: OrderSocket): void {
    const { sub, role } = socket.data.claims;
    socket.use((_packet, next) => (++socket.data.sent > MAX_SENT ? this.dismiss(socket, 'RATE_LIMITED') : next()));
    // Not by a decorator: Nest's handlers for messages run the guards of HTTP.
    socket.on('session.renew', (body, answer) => void this.renew(socket, body, answer));
    this.listen(socket, sub, (event) => socket.emit('order.updated', orderEventView(event)));
    if (role !== 'admin') return;
    void socket.join(ADMINS);
    this.metrics.watch(+1);
    socket.data.leave.push(() => this.metrics.watch(-1));
    this.listen(socket, undefined, (event) => socket.emit('admin.order.updated', adminOrderEventView(event)));
  }

  handleDisconnect(socket: OrderSocket): void {
    for (const leave of socket.data.leave.splice(0)) leave();
    void this.audience.leave(socket.data.claims.sub, socket.id);
  }

  /** Sends all away; they come back at another gateway. */
  end(): void {
    clearInterval(this.round);
    this.metrics.stop();
    this.server?.disconnectSockets(true);
  }

  /** @throws Problem UNAUTHORIZED, CSRF_REJECTED, RATE_LIMITED, VALIDATION_FAILED, SERVICE_UNAVAILABLE */
  private async admit(socket: OrderSocket): Promise<void> {
    const { token, cookie, lastEventId } = handshakeOf(socket);
    if (cookie && !this.origins.isTrustedSocket(socket.handshake.headers)) throw new Problem('CSRF_REJECTED');
    const claims = await this.sessions.claimsOf(token);
    if (!claims || (await this.gate.isRevoked(claims))) throw new Problem('UNAUTHORIZED');
    await this.audience.enter(claims.sub, socket.id);
    socket.data = newSession(claims, lastEventId);
  }

  private listen(socket: OrderSocket, userId: string | undefined, emit: (event: OrderEvent) => void): void {
    const { claims, requestId, lastEventId } = socket.data;
    const who = { caller: callerFrom(claims), requestId };
    const missed = async (since: { lastEventId?: string; from?: string }) => {
      const events = await this.past.missed(who, since);
      // What an admin has missed is everybody's.
      return userId === undefined ? events : events.filter((event) => event.userId === userId);
    };
    const feed = new LiveFeed(missed, emit, lastEventId);
    socket.data.leave.push(this.live.follow(feed, userId));
    // Without what it has missed it would hear the rest out of order: it is to come again.
    feed.open().catch((error: Error) => {
      this.log.warn(`A socket could not catch up: ${error.message}`);
      this.dismiss(socket, 'SERVICE_UNAVAILABLE');
    });
  }

  private async renew(socket: OrderSocket, body: unknown, answer: unknown): Promise<void> {
    const outcome = await this.takeOver(socket, body).then(
      () => ({ status: 'success' }),
      (error: unknown) => ({ code: problemOf(error).code }),
    );
    if (typeof answer === 'function') (answer as (outcome: object) => void)(outcome);
  }

  /**
   * A client with a new token stays; it is the same person's, or it is none. What it hears was decided by its role when it
   * came: with another one it has to come again.
   * @throws Problem UNAUTHORIZED, SERVICE_UNAVAILABLE
   */
  private async takeOver(socket: OrderSocket, body: unknown): Promise<void> {
    const { token } = (body ?? {}) as { token?: unknown };
    const claims = typeof token === 'string' ? await this.sessions.claimsOf(token) : undefined;
    const { sub, role } = socket.data.claims;
    if (claims?.sub !== sub || (await this.gate.isRevoked(claims))) throw new Problem('UNAUTHORIZED');
    if (claims.role !== role) return this.dismiss(socket, 'UNAUTHORIZED');
    socket.data.claims = claims;
  }

  private lookAfterAll(): void {
    const keepSeats = this.rounds++ % STAY_EVERY === 0;
    for (const socket of this.server.sockets.sockets.values()) {
      socket.data.sent = 0;
      if (keepSeats) void this.audience.stay(socket.data.claims.sub, socket.id);
      void this.lookAfter(socket);
    }
  }

  private async lookAfter(socket: OrderSocket): Promise<void> {
    const { claims } = socket.data;
    const stands = await this.sessions.stillStands(claims);
    // It may have been renewed meanwhile.
    if (!stands && claims === socket.data.claims) this.dismiss(socket, 'UNAUTHORIZED');
  }

  private dismiss(socket: OrderSocket, code: string): void {
    socket.emit('session.ended', { code });
    socket.disconnect(true);
  }
}
