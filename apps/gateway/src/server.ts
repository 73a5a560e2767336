import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import cookie from '@fastify/cookie';
import { fastify, type FastifyInstance } from 'fastify';
import { Problem } from '@suite/contracts';
import { answerProblem } from './answer';
import { withoutApiPrefix } from './api-path';
import { asProblem } from './failure';
import type { GatewayConfig } from './gateway.config';
import { readIdempotencyKeys } from './idempotency';
import { acceptJsonOnly } from './json-body';
import { problemView } from './problem.view';
import { requestIdOf, scopeRequests } from './request-scope';
import { addSecurityHeaders } from './security-headers';

const BODY_LIMIT = 256 * 1_024;

/**
 * The HTTP server beneath Nest. Its hooks are added before Nest's own, so that what those answer by themselves (a CORS
 * preflight, a 404) has an id, a log line and the security headers as well.
 */
export async function createServer(config: GatewayConfig): Promise<FastifyInstance> {
  const server = fastify({
    trustProxy: config.TRUST_PROXY === 'none' ? false : config.TRUST_PROXY,
    bodyLimit: BODY_LIMIT,
    rewriteUrl: ({ url }) => withoutApiPrefix(url ?? '/'),
    routerOptions: { ignoreTrailingSlash: true },
    requestIdHeader: false,
    genReqId: (request) => requestIdOf(request),
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id);
      answerProblem(request, reply, asProblem(error));
    },
    clientErrorHandler,
    // Who sends slowly does not keep a connection: headers within 10 s, the whole request within 30 s.
    requestTimeout: 30_000,
    // Longer than Nginx keeps its connections (60 s), so that it is Nginx who closes one, and never under a request.
    keepAliveTimeout: 75_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 5_000 },
  });
  await addSecurityHeaders(server);
  await server.register(cookie);
  scopeRequests(server, config);
  readIdempotencyKeys(server);
  acceptJsonOnly(server);
  return server;
}

const clientErrors: Record<string, string> = {
  HPE_HEADER_OVERFLOW: 'The header fields are too large',
  ERR_HTTP_REQUEST_TIMEOUT: 'The request did not arrive in time',
};

/** What is not HTTP, or too slow, or too large to be read at all: there is no request yet, only a socket. */
function clientErrorHandler(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const problem = new Problem('VALIDATION_FAILED', clientErrors[error.code ?? ''] ?? 'This is not valid HTTP');
  const requestId = randomUUID();
  const body = JSON.stringify(problemView(problem, '', requestId));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: application/problem+json\r\n` +
      `X-Request-Id: ${requestId}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
