import type { Type } from '@nestjs/common';
import { DECORATORS } from '@nestjs/swagger';
import { Problem, type FieldError } from '@suite/contracts';
import { assertValid } from '@suite/platform';

type Reader = (text: string) => unknown;

/** Queries are text by nature. What cannot be read as the declared type stays text, and fails validation by name. */
const number: Reader = (text) => (/^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text);
const flag: Reader = (text) => (text === 'true' ? true : text === 'false' ? false : text);
const itself: Reader = (text) => text;

const cache = new Map<Type, Map<string, Reader>>();

/** The fields of a query class and their types, from the OpenAPI description that stands beside each rule. */
function readersOf(type: Type): Map<string, Reader> {
  const known = cache.get(type);
  if (known) return known;
  const prototype = type.prototype as object;
  const names = (Reflect.getMetadata(DECORATORS.API_MODEL_PROPERTIES_ARRAY, prototype) ?? []) as string[];
  const readers = new Map(
    names.map((name) => {
      // Swagger keeps the names as `:name`.
      const field = name.slice(1);
      const { type: declared } = Reflect.getMetadata(DECORATORS.API_MODEL_PROPERTIES, prototype, field) as {
        type: unknown;
      };
      if (declared === 'integer' || declared === 'number' || declared === Number) return [field, number] as const;
      return [field, declared === Boolean ? flag : itself] as const;
    }),
  );
  cache.set(type, readers);
  return readers;
}

/**
 * Reads a query string as the class that declares it. Unknown, repeated, malformed and out-of-range parameters are
 * refused, never clamped or ignored.
 * @throws Problem VALIDATION_FAILED with `errors`.
 */
export function readQuery(type: Type, query: Record<string, string | string[]>): object {
  const readers = readersOf(type);
  const values: Record<string, unknown> = {};
  const errors: FieldError[] = [];
  for (const [path, text] of Object.entries(query)) {
    const reader = readers.get(path);
    if (!reader) errors.push({ path, message: `property ${path} should not exist` });
    else if (typeof text !== 'string') errors.push({ path, message: `${path} must be given once` });
    else values[path] = reader(text);
  }
  if (errors.length > 0) throw new Problem('VALIDATION_FAILED', 'The query is not valid', { errors });
  assertValid(type, values);
  return values;
}
