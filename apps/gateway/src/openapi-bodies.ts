import type { OpenAPIObject } from '@nestjs/swagger';

interface SchemaObject {
  required?: string[];
  additionalProperties?: unknown;
}

/** Nothing in them is required by itself, but one thing or another is. */
const NEVER_EMPTY = ['OrderBody'];

/**
 * Says of the bodies of requests what the input pipe does with them: properties that are not named are refused, here
 * and in what they are made of; and none at all is `{}`, so that a body in which nothing is required may be left out.
 */
export function closeBodies({ paths, components }: OpenAPIObject): void {
  const schemas = (components?.schemas ?? {}) as Record<string, SchemaObject>;
  for (const { requestBody } of Object.values(paths).flatMap((path) => Object.values(path) as Operation[])) {
    if (!requestBody) continue;
    const names = namesIn(requestBody);
    requestBody.required = names.some(
      (name) => NEVER_EMPTY.includes(name) || (schemas[name].required ?? []).length > 0,
    );
    names.forEach((name) => close(name, schemas));
  }
}

interface Operation {
  requestBody?: { required?: boolean };
}

function close(name: string, schemas: Record<string, SchemaObject>): void {
  const schema = schemas[name];
  if (schema.additionalProperties === false) return;
  schema.additionalProperties = false;
  namesIn(schema).forEach((inner) => close(inner, schemas));
}

const namesIn = (part: object): string[] =>
  [...JSON.stringify(part).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
