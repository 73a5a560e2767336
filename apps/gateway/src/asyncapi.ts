import type { OpenAPIObject } from '@nestjs/swagger';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** What a socket hears and what it may say: the name of the event, its schema in the OpenAPI document, what it means. */
const heard = {
  'order.updated': { schema: 'OrderEventView', summary: 'Something happened to one of your orders' },
  'admin.order.updated': {
    schema: 'AdminOrderEventView',
    summary: 'Something happened to anybody’s order; admins only',
  },
  'admin.metrics': { schema: 'MetricsView', summary: 'Once a second: how the queue stands; admins only' },
  'session.ended': { schema: 'SessionEndedView', summary: 'Said before the server closes the socket' },
};
const said = {
  'session.renew': {
    schema: 'SessionRenewBody',
    summary: 'A new access token, before the old one ends; acknowledged with `{ status }` or `{ code }`',
  },
};

/**
 * The live half of the API as AsyncAPI 3.0 (https://www.asyncapi.com/docs/reference/specification/v3.0.0), from the same
 * classes as the OpenAPI document: over Socket.io an event is a message of one channel, by its name.
 */
export function buildAsyncDocument({ info, components }: OpenAPIObject): object {
  const schemas = components?.schemas ?? {};
  const entries = Object.entries({ ...heard, ...said });
  const operation = (action: 'send' | 'receive') => (name: string) =>
    [
      idOf(name),
      {
        action,
        channel: { $ref: '#/channels/socket' },
        messages: [{ $ref: `#/channels/socket/messages/${idOf(name)}` }],
      },
    ] as const;
  return {
    asyncapi: '3.0.0',
    info: {
      title: `${info.title}: live`,
      version: info.version,
      description:
        'Socket.io (WebSocket only) at `/socket.io`. Connect with `auth: { token, lastEventId? }`, or with the cookie from ' +
        'a page of the shop. After a reconnect with `lastEventId` everything missed comes first. Events may come twice and ' +
        'are known by their `id`; those of one order come by their `seq`. The same events are at ' +
        '`GET /orders/:id/events` as server-sent events.',
    },
    defaultContentType: 'application/json',
    channels: {
      socket: {
        address: '/socket.io',
        messages: Object.fromEntries(
          entries.map(([name, { schema, summary }]) => [
            idOf(name),
            { name, summary, payload: { $ref: `#/components/schemas/${schema}` } },
          ]),
        ),
      },
    },
    operations: Object.fromEntries([
      ...Object.keys(heard).map(operation('send')),
      ...Object.keys(said).map(operation('receive')),
    ]),
    components: {
      schemas: usedBy(
        entries.map(([, { schema }]) => schema),
        schemas,
      ),
    },
  };
}

const idOf = (name: string): string => name.replaceAll('.', '_');

/** Those schemas, and the ones that they speak of. */
function usedBy(names: string[], schemas: Schemas): Schemas {
  const used: Schemas = {};
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name in used) continue;
    used[name] = schemas[name];
    const references = JSON.stringify(schemas[name]).matchAll(/"#\/components\/schemas\/(\w+)"/g);
    waiting.push(...[...references].map(([, reference]) => reference));
  }
  return used;
}
