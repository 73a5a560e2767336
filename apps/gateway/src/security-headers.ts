import helmet from '@fastify/helmet';
import { fastify, type FastifyInstance } from 'fastify';
import { isProduction } from '@suite/platform';

/**
 * Helmet's own, but for: styles within pages (Swagger UI and Bull Board have some) but nothing from other hosts; no
 * upgrade to HTTPS where there is none, or the pages would stay white on a plain host name.
 */
const options = () => ({
  contentSecurityPolicy: {
    directives: {
      styleSrc: ["'self'", "'unsafe-inline'"],
      fontSrc: ["'self'", 'data:'],
      upgradeInsecureRequests: null,
    },
  },
  strictTransportSecurity: isProduction(),
});

/** Helmet builds its policy anew for each request; it is always the same, so it is asked once. */
export async function addSecurityHeaders(server: FastifyInstance): Promise<void> {
  const model = fastify();
  await model.register(helmet, options());
  model.get('/', (_request, reply) => reply.send());
  const { headers } = await model.inject('/');
  await model.close();
  const { 'content-length': _length, date: _date, connection: _connection, ...security } = headers;
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers(security);
    done();
  });
}
