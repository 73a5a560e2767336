import { existsSync } from 'node:fs';
import { Logger, type Provider, type Type } from '@nestjs/common';
import { validateSync } from 'class-validator';

export const isProduction = (): boolean => process.env.NODE_ENV === 'production';

/**
 * Settings are classes: each field is named after its environment variable, carries its meaning and its trap as a
 * docstring, its default as the initial value and its rule as class-validator decorators. A field without a default is
 * declared with `| undefined = undefined`, so that its name is known.
 */
export function loadSettings<T extends object>(type: Type<T>, environment: NodeJS.ProcessEnv = process.env): T {
  const settings = new type();
  const fields = settings as Record<string, unknown>;
  for (const name of Object.keys(settings)) {
    const text = environment[name];
    // An empty variable is how Compose and shells say "not set".
    if (text !== undefined && text !== '') fields[name] = parse(text, fields[name]);
  }
  const errors = validateSync(settings, { skipMissingProperties: false });
  if (errors.length > 0) {
    throw new SettingsError(errors.flatMap((error) => Object.values(error.constraints ?? {})));
  }
  return settings;
}

/** Numbers and flags are recognised by their default; a number that is none stays text and fails validation by name. */
function parse(text: string, fallback: unknown): unknown {
  if (typeof fallback === 'number') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  if (typeof fallback === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

export class SettingsError extends Error {
  constructor(readonly reasons: string[]) {
    super(`The settings are not right:\n${reasons.map((reason) => `  - ${reason}`).join('\n')}`);
  }
}

/** A settings class as an injectable provider. */
export const provideSettings = <T extends object>(type: Type<T>): Provider => ({
  provide: type,
  useFactory: () => loadSettings(type),
});

/**
 * Takes in `.env` of the working directory, if there is one; what is in the environment already wins. Tests never do:
 * it may hold the keys of a real shop.
 */
export function loadEnvFile(): void {
  if (process.env.NODE_ENV !== 'test' && existsSync('.env')) process.loadEnvFile('.env');
}

export function exitOnSettingsError(error: unknown): never {
  if (error instanceof SettingsError) {
    new Logger('settings').error(error.message);
    process.exit(78); // EX_CONFIG of sysexits.h: starting again does not help.
  }
  throw error;
}
