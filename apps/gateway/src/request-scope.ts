import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '@suite/contracts';
import { histogram, MOMENTS, runInContext, tracing, type RequestContext } from '@suite/platform';
import { pathOf } from './answer';
import type { GatewayConfig } from './gateway.config';
import type { VerifiedClaims } from './verified-tokens';

declare module 'fastify' {
  interface FastifyRequest {
    /** What belongs to this request and travels with everything it causes. */
    context: RequestContext;
    /** What the access token says, once its signature is checked. Whether the session still stands is `revoked`. */
    claims?: VerifiedClaims;
    /** Asked for early, read late, so that it shares a round trip with the rate limit. */
    revoked?: Promise<boolean>;
    /** What was answered instead of success. */
    problem?: Problem;
  }
}

const SANE_ID = /^[\w.-]{1,100}$/;
/** An answer that took longer than this, in ms, is worth a line. */
const SLOW_MS = 1_000;

const PROBES = /^\/health\b/;

/** The caller's X-Request-Id when it is a sane one, otherwise a new one: it goes into logs and headers as it is. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const id = headers['x-request-id'];
  return typeof id === 'string' && SANE_ID.test(id) ? id : randomUUID();
}

/**
 * Gives every request its context, its id on the answer and its line in the log. The context has to be entered twice:
 * a body arrives in events of the socket, and those run outside of it.
 */
export function scopeRequests(server: FastifyInstance, { ACCESS_LOG }: GatewayConfig): void {
  const log = new Logger('http');
  const times = histogram('http_request_seconds', 'From a request to the end of its answer', MOMENTS, [
    'method',
    'route',
    'status',
  ]);
  server.decorateRequest('context');
  server.addHook('onRequest', (request, reply, done) => {
    request.context = { requestId: request.id, span: spanOf(request) };
    reply.header('x-request-id', request.id);
    runInContext(request.context, done);
  });
  server.addHook('preValidation', (request, _reply, done) => runInContext(request.context, done));
  server.addHook('onResponse', (request, reply, done) => {
    runInContext(request.context, () => writeLine(log, request, reply, ACCESS_LOG));
    // By the route as it is declared: paths as they come are without number.
    const { url: route = 'none' } = request.routeOptions;
    times.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    endSpan(request, reply);
    done();
  });
}

/** What a client has begun to trace is continued. Probes would fill every trace store with nothing. */
function spanOf({ method, url, headers, routeOptions }: FastifyRequest): RequestContext['span'] {
  if (!tracing || PROBES.test(url)) return undefined;
  const { traceparent } = headers;
  const { url: route = 'none' } = routeOptions;
  const attributes = { 'http.request.method': method, 'http.route': route, 'url.path': pathOf(url) };
  const cause = typeof traceparent === 'string' ? { traceparent } : {};
  return tracing.begin(`${method} ${route}`, { role: 'server', attributes, root: true }, cause);
}

function endSpan({ context: { span }, problem }: FastifyRequest, { statusCode }: FastifyReply): void {
  if (!span) return;
  span.setAttribute('http.response.status_code', statusCode);
  tracing!.end(span, problem);
}

/** One line for a request, at the level of what came of it: ERROR means that someone must act. */
function writeLine(log: Logger, request: FastifyRequest, reply: FastifyReply, wanted: string): void {
  const { problem, method } = request;
  const ms = Math.round(reply.elapsedTime);
  const line = `${method} ${pathOf(request.url)} ${reply.statusCode}${problem ? ` ${problem.code}` : ''} ${ms} ms`;
  if (problem?.kind === 'broken') {
    const cause = problem.cause instanceof Error ? problem.cause : problem;
    log.error(`${line}: ${cause.message}`, cause.stack);
  } else if (problem?.kind === 'busy') log.warn(line);
  else if (wanted === 'none') return;
  else if (wanted === 'reads' || problem || ms > SLOW_MS || !['GET', 'HEAD'].includes(method)) log.log(line);
}
