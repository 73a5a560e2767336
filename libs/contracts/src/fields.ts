import { applyDecorators, type Type } from '@nestjs/common';
import { ApiProperty, PartialType } from '@nestjs/swagger';
import { Type as Nested } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  isISO8601,
  IsISO8601,
  IsNumber,
  IsObject,
  IsString,
  isURL,
  Length,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

/**
 * A field is described once: its rule (class-validator) and its place in the OpenAPI document. With `whitelist` a field
 * without a validator silently disappears, so every field of a contract is declared with one of these decorators.
 */
export interface FieldDocs {
  description?: string;
  example?: unknown;
  /** May be absent. `null` is refused all the same: a client that sends it made a mistake and should hear of it. */
  optional?: boolean;
}

/** Shops in a company's own network have names without a dot. */
const WEB = { protocols: ['http', 'https'], require_protocol: true, require_tld: false, disallow_auth: true };

function field(api: object, { optional = false, ...docs }: FieldDocs, ...rules: PropertyDecorator[]) {
  return applyDecorators(
    ApiProperty({ ...api, ...docs, required: !optional }),
    ...(optional ? [ValidateIf((_object, value) => value !== undefined)] : []),
    ...rules,
  );
}

/** What may be changed of a thing: each field may be absent, none may be `null` (PartialType alone lets it through). */
export const ChangesOf = <T>(type: Type<T>): Type<Partial<T>> => PartialType(type, { skipNullProperties: false });

/** A MongoDB ObjectId as 24 hexadecimal digits. */
export const IsId = (docs: FieldDocs = {}) =>
  field(
    { type: String, pattern: '^[0-9a-f]{24}$', example: '665f1c2e9b3e4a0012345678' },
    docs,
    IsString(),
    Matches(/^[0-9a-f]{24}$/, { message: '$property must be 24 hexadecimal digits' }),
  );

/** Many of them. */
export const IsIds = (max: number, docs: FieldDocs = {}) =>
  field(
    { type: [String], maxItems: max, items: { pattern: '^[0-9a-f]{24}$' } },
    docs,
    IsArray(),
    ArrayMaxSize(max),
    Matches(/^[0-9a-f]{24}$/, { each: true, message: 'each of $property must be 24 hexadecimal digits' }),
  );

/** Text that people write: any Unicode, kept as sent. */
export const IsText = (min: number, max: number, docs: FieldDocs = {}) =>
  field({ type: String, minLength: min, maxLength: max }, docs, IsString(), Length(min, max));

export const IsMail = (docs: FieldDocs = {}) =>
  field(
    { type: String, format: 'email', maxLength: 254, example: 'jo@example.com' },
    docs,
    IsString(),
    IsEmail(),
    Length(3, 254),
  );

/** Where a browser finds something: `http` or `https` and nothing else, which it might run; or empty, for nowhere. */
export const IsWebAddress = (docs: FieldDocs = {}) =>
  field(
    { type: String, format: 'uri', maxLength: 2_000, example: 'https://example.com/sencha.jpg' },
    docs,
    IsString(),
    Length(0, 2_000),
    ValidateBy({
      name: 'isWebAddress',
      validator: {
        validate: (value) => value === '' || (typeof value === 'string' && isURL(value, WEB)),
        defaultMessage: () => '$property must be an http or https address',
      },
    }),
  );

/** A new password. bcrypt hashes no more than 72 bytes, so longer ones are refused rather than cut. */
export const IsPassword = (docs: FieldDocs = {}) =>
  field(
    { type: String, minLength: 8, description: '8 characters to 72 bytes', example: 'Corr3ct-horse!' },
    docs,
    IsString(),
    Matches(/^[\s\S]{8,}$/u, { message: '$property must have at least 8 characters' }),
    MaxBytes(72),
  );

/** A password as somebody types it at a login: the rule for new passwords does not apply to old ones. */
export const IsTypedPassword = (docs: FieldDocs = {}) =>
  field(
    { type: String, minLength: 1, description: '1 to 72 bytes', example: 'Corr3ct-horse!' },
    docs,
    IsString(),
    Matches(/^[\s\S]/, { message: '$property must not be empty' }),
    MaxBytes(72),
  );

export const IsWhole = (min: number, max: number, docs: FieldDocs = {}) =>
  field({ type: 'integer', minimum: min, maximum: max }, docs, IsInt(), Min(min), Max(max));

/** Money inside the suite: an integer number of minor units (cents). */
export const IsMinorUnits = (docs: FieldDocs = {}) =>
  field({ type: 'integer', description: 'Minor units', example: 99999 }, docs, IsInt(), Min(0), Max(1e12));

/** Money as clients write it: a decimal with at most two places. */
export const IsPrice = (docs: FieldDocs = {}) =>
  field(
    { type: 'number', minimum: 0, example: 999.99 },
    docs,
    IsNumber({ allowNaN: false, allowInfinity: false }),
    HasCents(),
    Min(0),
    Max(1e10),
  );

export const IsOneOf = <T extends string>(values: readonly T[], docs: FieldDocs = {}) =>
  field({ type: String, enum: [...values], example: values[0] }, docs, IsIn(values));

export const IsFlag = (docs: FieldDocs = {}) => field({ type: Boolean }, docs, IsBoolean());

/** A point in time, ISO 8601 in UTC. */
export const IsTime = (docs: FieldDocs = {}) =>
  field({ type: String, format: 'date-time', example: '2026-05-04T12:00:00.000Z' }, docs, IsString(), IsISO8601());

const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * A point in time as clients write it: a date, which is its midnight in UTC, or date and time with `Z` or an offset.
 * `notBefore` names another field, that of the beginning.
 */
export const IsMoment = ({ notBefore, ...docs }: FieldDocs & { notBefore?: string } = {}) =>
  field(
    { type: String, format: 'date-time', example: '2026-05-04T12:00:00Z' },
    docs,
    IsString(),
    ValidateBy({
      name: 'isMoment',
      validator: {
        validate: (value) =>
          typeof value === 'string' &&
          MOMENT.test(value) &&
          isISO8601(value, { strict: true }) &&
          !Number.isNaN(Date.parse(value)),
        defaultMessage: () =>
          '$property must be a date, or a date and time with Z or an offset, such as 2026-05-04T12:00Z',
      },
    }),
    ...(notBefore === undefined ? [] : [NotBefore(notBefore)]),
  );

/** Another class of fields. */
export const IsPart = <T extends object>(type: Type<T>, docs: FieldDocs = {}) =>
  field(
    { type },
    docs,
    IsObject(),
    ValidateNested(),
    Nested(() => type),
  );

export const IsListOf = <T extends object>(type: Type<T>, min: number, max: number, docs: FieldDocs = {}) =>
  field(
    { type: [type], minItems: min, maxItems: max },
    docs,
    IsArray(),
    ArrayMinSize(min),
    ArrayMaxSize(max),
    ValidateNested({ each: true }),
    Nested(() => type),
  );

/** Plain objects that are judged one by one, later: what is wrong with one is no reason to refuse the others. */
export const IsListOfRecords = (min: number, max: number, docs: FieldDocs = {}) =>
  field(
    { type: 'array', items: { type: 'object', additionalProperties: true }, minItems: min, maxItems: max },
    docs,
    IsArray(),
    ArrayMinSize(min),
    ArrayMaxSize(max),
    IsObject({ each: true }),
  );

/** A plain object whose properties are not described here. */
export const IsRecord = (docs: FieldDocs = {}) =>
  field({ type: 'object', additionalProperties: true }, docs, IsObject());

function NotBefore(other: string): PropertyDecorator {
  return (target, property) =>
    ValidateBy({
      name: 'notBefore',
      validator: {
        validate: (value, args) => {
          const begins = (args!.object as Record<string, unknown>)[other];
          return typeof begins !== 'string' || !(Date.parse(value as string) < Date.parse(begins));
        },
        defaultMessage: () => `$property must not be before ${other}`,
      },
    })(target, property);
}

/** `maxDecimalPlaces` of IsNumber looks for the point, and throws where there is none, as in `1e-7`. */
function HasCents(): PropertyDecorator {
  return (target, property) =>
    ValidateBy({
      name: 'hasCents',
      validator: {
        validate: (value) => typeof value === 'number' && Number(value.toFixed(2)) === value,
        defaultMessage: () => '$property must have at most two decimal places',
      },
    })(target, property);
}

/** Length in UTF-8 bytes, not in characters. */
function MaxBytes(bytes: number): PropertyDecorator {
  return (target, property) =>
    ValidateBy({
      name: 'maxBytes',
      validator: {
        validate: (value) => typeof value === 'string' && Buffer.byteLength(value) <= bytes,
        defaultMessage: () => `$property must have at most ${bytes} bytes`,
      },
    })(target, property);
}
