import { ValidateBy } from 'class-validator';
import ms, { type StringValue } from 'ms';

const FORM = /^[1-9]\d{0,5} ?[smhd]$/;

/** A duration of at least a second, as people write it: `30s`, `15m`, `12h`, `7d`. A bare number has no unit: refused. */
export const IsDuration = ({ atMost }: { atMost?: StringValue } = {}): PropertyDecorator =>
  ValidateBy({
    name: 'isDuration',
    validator: {
      validate: (value) =>
        typeof value === 'string' && FORM.test(value) && (!atMost || durationMs(value) <= durationMs(atMost)),
      defaultMessage: () =>
        `$property must be a duration such as 30s, 15m, 12h or 7d${atMost ? `, and at most ${atMost}` : ''}`,
    },
  });

/** Milliseconds. */
export const durationMs = (text: string): number => ms(text as StringValue);
