import { ValidateBy, type ValidationArguments } from 'class-validator';
import { isProduction } from './settings';

/** As many characters as a key of HMAC-SHA-256 has bytes (RFC 7518, 3.2); a passphrase should be longer still. */
const MIN_LENGTH = 32;
/** `openssl rand -hex 16` draws about 14 different characters; far fewer were not drawn at random. */
const MIN_DIFFERENT = 8;
/** What is written in examples, guides and defaults, and so known to everybody. */
const SAMPLE =
  /development.?only|change.?(me|this)|replace.?(me|this)|your.?(own|secret|jwt|key)|sample|example|placeholder/i;

/** The default of a secret outside production: the same in every process, and refused in production. */
export const developmentSecret = (name: string): string => `development-only value of ${name}`;

/**
 * A key that others must not guess. In production it is refused when it is missing, shorter than 32 characters, of
 * hardly any different characters, a sample value, or equal to the setting named `unlike` (one leaked key must not open
 * two doors). Outside production any text will do, so that nothing has to be set to try the suite.
 */
export const IsSecret = ({ unlike }: { unlike?: string } = {}): PropertyDecorator =>
  ValidateBy({
    name: 'isSecret',
    constraints: [unlike],
    validator: {
      validate: (value, args) => faultOf(value, args!) === undefined,
      defaultMessage: (args) => `$property ${faultOf(args!.value, args!)}`,
    },
  });

function faultOf(value: unknown, { object, constraints }: ValidationArguments): string | undefined {
  if (typeof value !== 'string' || value === '') return 'must be set';
  if (!isProduction()) return undefined;
  if (SAMPLE.test(value)) return 'is missing or a sample value; make one with: openssl rand -hex 32';
  if (value.length < MIN_LENGTH) return `must have at least ${MIN_LENGTH} characters`;
  if (new Set(value).size < MIN_DIFFERENT) return 'is too easy to guess; make one with: openssl rand -hex 32';
  const [unlike] = constraints as [string | undefined];
  if (unlike && value === (object as Record<string, unknown>)[unlike]) return `must differ from ${unlike}`;
  return undefined;
}
