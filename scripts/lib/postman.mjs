/** Makes a Postman collection (2.1) of an OpenAPI document: a folder for each tag, a request for each example. */

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

/** After a login, all that follows is asked with its token. */
const KEEP_TOKEN = ['const { token } = pm.response.json();', "if (token) pm.collectionVariables.set('token', token);"];

/** @typedef {{ name: string, in: string, example?: unknown, examples?: Record<string, { value: unknown }>, required?: boolean, description?: string, schema?: { default?: unknown, example?: unknown } }} Parameter */
/** @typedef {{ tags?: string[], summary?: string, description?: string, parameters?: Parameter[], security?: object[], requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> } }} Operation */
/** @typedef {{ info: { title: string, description?: string }, tags?: { name: string, description?: string }[], paths: Record<string, Record<string, Operation>> }} Document */

/**
 * @param {Document} document whose examples have `{{names}}` where an id of the shop belongs, as Postman's variables have
 * @param {string} baseUrl
 */
export function collectionOf(document, baseUrl) {
  /** @type {Map<string, object[]>} */
  const folders = new Map();
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = operations[method];
      if (!operation) continue;
      const folder = operation.tags?.[0] ?? 'other';
      folders.set(folder, [...(folders.get(folder) ?? []), ...requestsOf(path, method, operation)]);
    }
  }
  const items = [...folders].map(([name, item]) => ({ name, item }));
  return {
    info: { name: document.info.title, description: document.info.description, schema: SCHEMA },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    item: items,
    variable: [
      { key: 'baseUrl', value: baseUrl },
      { key: 'token', value: '' },
      ...namesIn(items).map((key) => ({ key, value: key === 'unique' ? '{{$randomAlphaNumeric}}' : '' })),
    ],
  };
}

/** @param {object[]} items @returns {string[]} what they leave open */
function namesIn(items) {
  const names = [...JSON.stringify(items).matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => String(name));
  return [...new Set(names)].filter((name) => !['baseUrl', 'token'].includes(name)).sort();
}

/** @param {string} path @param {string} method @param {Operation} operation */
function requestsOf(path, method, operation) {
  const [type, media] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const examples = Object.entries(media?.examples ?? {});
  const name = operation.summary ?? `${method.toUpperCase()} ${path}`;
  if (examples.length === 0) return [requestOf(name, path, method, operation, type)];
  return examples.map(([title, { value }], index) =>
    requestOf(index === 0 ? name : `${name}: ${title}`, path, method, operation, type, value),
  );
}

/**
 * @param {string} name
 * @param {string} path
 * @param {string} method
 * @param {Operation} operation
 * @param {string} [type]
 * @param {unknown} [body]
 */
function requestOf(name, path, method, operation, type, body) {
  const parameters = operation.parameters ?? [];
  const of = (/** @type {string} */ place) => parameters.filter((parameter) => parameter.in === place);
  const open = operation.security === undefined;
  return {
    name,
    ...(path === '/auth/login' && {
      event: [{ listen: 'test', script: { type: 'text/javascript', exec: KEEP_TOKEN } }],
    }),
    request: {
      method: method.toUpperCase(),
      description: operation.description,
      ...(open && { auth: { type: 'noauth' } }),
      header: [
        ...(type === undefined ? [] : [{ key: 'Content-Type', value: type }]),
        ...of('header').map((parameter) => entry(parameter)),
      ],
      url: {
        raw: `{{baseUrl}}${path.replace(/\{(\w+)\}/g, ':$1')}`,
        host: ['{{baseUrl}}'],
        path: path
          .replace(/\{(\w+)\}/g, ':$1')
          .split('/')
          .slice(1),
        query: of('query').map((parameter) => entry(parameter)),
        variable: of('path').map((parameter) => ({ key: parameter.name, value: textOf(exampleOf(parameter)) })),
      },
      ...(body !== undefined && { body: { mode: 'raw', raw: bodyText(body), options: { raw: { language: 'json' } } } }),
    },
    response: [],
  };
}

/** What may be left out is there, and switched off. @param {Parameter} parameter */
const entry = (parameter) => ({
  key: parameter.name,
  value: textOf(exampleOf(parameter)),
  description: parameter.description,
  disabled: parameter.required !== true,
});

/** @param {Parameter} parameter */
const exampleOf = ({ example, examples, schema }) =>
  example ?? Object.values(examples ?? {})[0]?.value ?? schema?.example ?? schema?.default;

/** @param {unknown} value */
const textOf = (value) => (value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value));

/** @param {unknown} body */
const bodyText = (body) => (typeof body === 'string' ? body : JSON.stringify(body, undefined, 2));
