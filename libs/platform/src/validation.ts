import type { Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { Problem, type FieldError } from '@suite/contracts';
import { isSurelyValid } from './surely-valid';

/** class-validator's tree as a flat list: `items.0.quantity` and one message for each broken rule. */
export function fieldErrors(errors: ValidationError[], parent = ''): FieldError[] {
  return errors.flatMap(({ property, constraints, children }) => {
    const path = parent ? `${parent}.${property}` : property;
    const own = Object.values(constraints ?? {}).map((message) => ({ path, message }));
    return [...own, ...fieldErrors(children ?? [], path)];
  });
}

/**
 * Checks a body against its class. Nothing is coerced or removed: what is unknown is refused.
 * @throws Problem VALIDATION_FAILED with `errors`.
 */
export function assertValid(type: Type, body: unknown): void {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem('VALIDATION_FAILED', 'The body must be an object');
  }
  if (isSurelyValid(type, body)) return;
  const errors = validateSync(plainToInstance(type, body) as object, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    validationError: { target: false, value: false },
  });
  if (errors.length > 0) throw new Problem('VALIDATION_FAILED', undefined, { errors: fieldErrors(errors) });
}
