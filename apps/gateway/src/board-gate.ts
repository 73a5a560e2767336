import type { FastifyInstance } from 'fastify';
import { suspectedPath } from './api-path';
import { asProblem } from './failure';
import { refusePage } from './refusal';
import type { SessionService } from './session.service';

export const BOARD = '/admin/queues';

const isBoard = (path: string): boolean => path === BOARD || path.startsWith(`${BOARD}/`);
/** No spelling of the board's path is without its last word or an escape: spares all other requests the reading. */
const SUSPICIOUS = /queues|%/i;

/**
 * The board is a plugin of Fastify and lies outside Nest's guards. It is shut here, by a hook of the root: page, files
 * and API, by the route that Fastify has matched, and by any spelling of the path that could be meant for it.
 */
export function guardBoard(server: FastifyInstance, sessions: SessionService): void {
  server.addHook('onRequest', async (request, reply) => {
    const { url } = request;
    if (!isBoard(request.routeOptions.url ?? '') && !(SUSPICIOUS.test(url) && isBoard(suspectedPath(url)))) return;
    reply.header('cache-control', 'no-store');
    try {
      await sessions.identify(request, 'admin');
      await sessions.admit(request, 'admin');
    } catch (error) {
      // Answered here: errors thrown within a plugin go to the plugin's own error handler.
      return refusePage(request, reply, asProblem(error));
    }
  });
}

/**
 * The board's page asks Google for its fonts, which our policy forbids: it would tell them who administers a shop, and
 * when. Without the link nothing is asked, and the browser's own fonts do.
 */
const FOREIGN_FONTS = /<link [^>]*fonts\.googleapis\.com[^>]*>/g;

export function keepBoardToItself(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    const isPage = isBoard(request.routeOptions.url ?? '') && String(reply.getHeader('content-type')).includes('html');
    if (!isPage || !(typeof payload === 'string' || Buffer.isBuffer(payload))) return done(null, payload);
    reply.removeHeader('content-length');
    done(null, payload.toString().replace(FOREIGN_FONTS, ''));
  });
}
