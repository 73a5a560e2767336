import type { FastifyInstance } from 'fastify';
import { Problem } from '@suite/contracts';
import { answerProblem, pathOf } from './answer';

/**
 * A path that is there for other methods answers 405 with `Allow` rather than 404. Fastify keeps one tree of routes for
 * each method and cannot be asked, so the patterns are noted as they are declared and searched only for a 404.
 */
export function tellAllowedMethods(server: FastifyInstance): void {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  server.addHook('onRoute', ({ url, method }) => {
    if (method === 'OPTIONS') return; // CORS answers it for every path, also for those that are not there
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    routes.set(url, route);
    for (const one of [method].flat()) route.methods.add(one);
  });
  server.addHook('onRequest', (request, reply, done) => {
    if (!request.is404 || request.method === 'OPTIONS') return done();
    const path = pathOf(request.url);
    const allowed = [...routes.values()].filter(({ pattern }) => pattern.test(path)).flatMap((r) => [...r.methods]);
    if (allowed.length === 0) return done();
    reply.header('allow', [...new Set(allowed)].sort().join(', '));
    answerProblem(request, reply, new Problem('METHOD_NOT_ALLOWED'));
  });
}

/** `/orders/:id` and `/static/*` as find-my-way reads them; that is all the suite uses of its language. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:\w+/g, '[^/]+')
      .replace(/\*/g, '.*')}/?$`,
  );
