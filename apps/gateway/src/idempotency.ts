import type { FastifyInstance, FastifyReply } from 'fastify';
import { Problem } from '@suite/contracts';

/** What is done twice when it is sent twice. */
const METHODS = ['POST', 'PATCH'];
/** The document shows it too. */
export const KEY_FORM = /^[\x20-\x7e]{1,255}$/;

/** The service that writes keeps the promise of an idempotency key; here only its form is checked, where there is something to do. */
export function readIdempotencyKeys(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const key = request.headers['idempotency-key'];
    if (request.is404 || !METHODS.includes(request.method) || key === undefined) return done();
    if (typeof key !== 'string' || !KEY_FORM.test(key)) {
      const message = 'Idempotency-Key must be 1 to 255 printable ASCII characters';
      return done(new Problem('VALIDATION_FAILED', message, { errors: [{ path: 'Idempotency-Key', message }] }));
    }
    request.context.idempotencyKey = key;
    done();
  });
}

export function markReplay(reply: FastifyReply, replayed: boolean): void {
  if (replayed) reply.header('idempotency-replayed', 'true');
}
