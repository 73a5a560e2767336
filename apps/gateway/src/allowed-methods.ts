import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '@suite/contracts';
import { answerProblem, pathOf } from './answer';

/**
 * A path that is there for other methods answers 405 with `Allow` rather than 404, and `GET /products/import` rather than
 * with a product of that name: a path that is declared as it stands is never an id of another. Fastify keeps one tree of
 * routes for each method and cannot be asked, so they are noted as they are declared.
 */
export function tellAllowedMethods(server: FastifyInstance): void {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>();
  server.addHook('onRoute', ({ url, method }) => {
    if (method === 'OPTIONS') return; // CORS answers it for every path, also for those that are not there
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set<string>() };
    routes.set(url, route);
    for (const one of [method].flat()) route.methods.add(one);
  });

  const allowedInstead = ({ url, method, is404 }: FastifyRequest): string[] => {
    const path = pathOf(url);
    const declared = routes.get(path.replace(/\/$/, ''))?.methods;
    if (declared) return declared.has(method) ? [] : [...declared];
    if (!is404) return [];
    return [...routes.values()].filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => [...methods]);
  };

  server.addHook('onRequest', (request, reply, done) => {
    const { is404, method, routeOptions } = request;
    if (method === 'OPTIONS' || !(is404 || isOpen(routeOptions.url))) return done();
    const allowed = allowedInstead(request);
    if (allowed.length === 0) return done();
    reply.header('allow', [...new Set(allowed)].sort().join(', '));
    answerProblem(request, reply, new Problem('METHOD_NOT_ALLOWED'));
  });
}

/** It also serves paths that others have declared; any other route serves its own, and need not be looked at. */
const isOpen = (url = ''): boolean => url.includes(':') || url.includes('*');

/** `/orders/:id` and `/static/*` as find-my-way reads them; that is all the suite uses of its language. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replace(/:\w+/g, '[^/]+')
      .replace(/\*/g, '.*')}/?$`,
  );
