/** The parts of an OpenAPI 3.1 document that are needed to press its examples, as the page of the documents does. */
export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface Operation {
  summary?: string;
  parameters?: Parameter[];
  requestBody?: {
    content: Record<string, { schema: Schema; example?: unknown; examples?: Record<string, { value: unknown }> }>;
  };
  responses: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header' | 'cookie';
  required?: boolean;
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
  schema?: Schema;
}

export interface Schema {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  required?: string[];
  items?: Schema;
  allOf?: Schema[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  enum?: unknown[];
  example?: unknown;
  examples?: unknown[];
  default?: unknown;
}

export interface Press {
  /** `POST /orders` */
  call: string;
  method: string;
  path: string;
  body?: unknown;
  /** The answers that the document names: `200`, `404`, `default`. */
  answers: string[];
  /** It goes on until somebody leaves. */
  endless: boolean;
}

/** Every call of the document, filled with its examples. */
export function pressesOf(document: OpenApi): Press[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({
      call: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path: filledPath(document, path, operation.parameters ?? []),
      body: exampleBody(document, operation),
      answers: Object.keys(operation.responses),
      endless: Object.keys(operation.responses['200']?.content ?? {}).join() === 'text/event-stream',
    })),
  );
}

function filledPath(document: OpenApi, path: string, parameters: Parameter[]): string {
  return parameters
    .filter((parameter) => parameter.in === 'path')
    .reduce((filled, parameter) => filled.replace(`{${parameter.name}}`, String(exampleOf(document, parameter))), path);
}

function exampleOf(document: OpenApi, { example, examples, schema = {} }: Parameter): unknown {
  return example ?? Object.values(examples ?? {})[0]?.value ?? sample(document, schema);
}

function exampleBody(document: OpenApi, { requestBody }: Operation): unknown {
  const content = requestBody?.content['application/json'];
  if (!content) return undefined;
  return content.example ?? Object.values(content.examples ?? {})[0]?.value ?? sample(document, content.schema);
}

/** A value of this form made of the examples in it; undefined where a property has none and need not be there. */
function sample(document: OpenApi, schema: Schema): unknown {
  if (schema.$ref) return sample(document, document.components.schemas[schema.$ref.split('/').at(-1)!]);
  const given = schema.example ?? schema.examples?.[0] ?? schema.default ?? schema.enum?.[0];
  if (given !== undefined) return given;
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => sample(document, part))) as object;
  const [alternative] = schema.oneOf ?? schema.anyOf ?? [];
  if (alternative) return sample(document, alternative);
  if (schema.items) return [sample(document, schema.items)];
  if (!schema.properties) return undefined;
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, property]) => [name, sample(document, property)]),
  );
}
