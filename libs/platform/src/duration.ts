import { Matches } from 'class-validator';
import ms, { type StringValue } from 'ms';

/** A duration of at least a second, as people write it: `30s`, `15m`, `12h`, `7d`. A bare number has no unit: refused. */
export const IsDuration = (): PropertyDecorator =>
  Matches(/^[1-9]\d{0,5} ?[smhd]$/, { message: '$property must be a duration such as 30s, 15m, 12h or 7d' });

/** Milliseconds. */
export const durationMs = (text: string): number => ms(text as StringValue);
