import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, getSchemaPath, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { PageMeta, Problem, problems, type ProblemCode } from '@suite/contracts';
import { ACCESS_COOKIE } from './cookies';
import { CODES, EXAMPLES } from './described';
import { closeBodies } from './openapi-bodies';
import { liveModels } from './order-event.view';
import { problemView, ProblemView } from './problem.view';

interface Waiting {
  [CODES]?: ProblemCode[];
  [EXAMPLES]?: Record<string, object>;
}
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & Waiting;

type Examples = Record<string, { value: object }>;
type MediaTypeObject = { examples?: Examples };

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const SAFE: string[] = ['get'];

const everywhere: ProblemCode[] = [
  'VALIDATION_FAILED',
  'RATE_LIMITED',
  'INTERNAL_ERROR',
  'SERVICE_UNAVAILABLE',
  'TIMEOUT',
];
const withBody: ProblemCode[] = ['MALFORMED_JSON', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];

const config = new DocumentBuilder()
  .setOpenAPIVersion('3.1.0')
  .setTitle('Order suite')
  .setDescription(
    'Orders for shops that sell scarce things to many people at once.\n\n' +
      'Every path also answers below `/api`, and `/order` is `/orders`. To try it: press `POST /auth/login`, which ' +
      'sets a cookie, then load this page again; the ids in the examples are live ones, your own where they can be.\n\n' +
      'What comes over sockets is in the [AsyncAPI document](/api/docs-live).',
  )
  .setVersion('1.0')
  .addServer('/')
  .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
  .addCookieAuth(ACCESS_COOKIE, { type: 'apiKey', in: 'cookie', name: ACCESS_COOKIE }, 'cookie')
  .build();

/** The document, from the code: routes, bodies, answers, and for each operation every code it can answer with. */
export function buildDocument(app: INestApplication): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, config, {
    extraModels: [ProblemView, PageMeta, ...liveModels()],
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}.${method}`,
  });
  for (const path of Object.keys(document.paths)) {
    if (/^\/order(\/|$)/.test(path)) delete document.paths[path];
  }
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) if (path[method]) complete(method, path[method]);
  }
  closeBodies(document);
  return document;
}

/** Adds what follows from method, body and access. */
function complete(method: string, operation: Operation): void {
  const own = operation[CODES];
  if (!own) return;
  const { [EXAMPLES]: examples } = operation;
  delete operation[EXAMPLES];
  if (examples) bodyOf(operation).examples = named(Object.entries(examples).map(([name, value]) => [name, { value }]));
  const signedIn = own.includes('UNAUTHORIZED');
  if (signedIn) operation.security = [{ bearer: [] }, { cookie: [] }];
  const codes = new Set([
    ...everywhere,
    ...own,
    ...(operation.requestBody ? withBody : []),
    ...(signedIn && !SAFE.includes(method) ? (['CSRF_REJECTED'] as const) : []),
  ]);
  operation[CODES] = [...codes].sort();
  Object.assign(operation.responses, problemResponses([...codes]));
}

const named = (examples: [string, { value: object }][]): Examples => Object.fromEntries(examples);

const bodyOf = ({ requestBody }: Operation): MediaTypeObject =>
  (requestBody as { content: Record<string, MediaTypeObject> }).content['application/json'];

/** Codes that share a status share a response, with an example for each. */
function problemResponses(codes: ProblemCode[]): Operation['responses'] {
  const statuses = [...new Set(codes.map((code) => problems[code].status))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const alike = codes.filter((code) => problems[code].status === status);
      const content = {
        'application/problem+json': {
          schema: { $ref: getSchemaPath(ProblemView) },
          examples: named(
            alike.map((code) => [code, { value: problemView(new Problem(code), '/orders', 'c0ffee-1') }]),
          ),
        },
      };
      const description = alike.map((code) => `\`${code}\`: ${problems[code].title}`).join('; ');
      return [String(status), { description, content }];
    }),
  );
}
