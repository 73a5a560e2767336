import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { Problem } from '@suite/contracts';
import { assertValid } from '@suite/platform';
import { readQuery } from './query-text';

const ID = /^[0-9a-f]{24}$/;

/** The one pipe of the gateway: a body is checked and never changed, a query is read, a path parameter is an id. */
export class InputPipe implements PipeTransform {
  transform(value: unknown, { type, metatype, data }: ArgumentMetadata): unknown {
    switch (type) {
      case 'body':
        return readBody(metatype as Type, value);
      case 'query':
        return readQuery(metatype as Type, value as Record<string, string | string[]>);
      case 'param':
        if (typeof value === 'string' && ID.test(value)) return value;
        throw new Problem('VALIDATION_FAILED', undefined, {
          errors: [{ path: data ?? '', message: `${data} must be 24 hexadecimal digits` }],
        });
      case 'custom':
        return value;
    }
  }
}

/** No body is an empty one: where something is needed, the fields that are missing are named. */
function readBody(type: Type, body: unknown = {}): unknown {
  assertValid(type, body);
  return body;
}
