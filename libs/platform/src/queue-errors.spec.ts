import { Logger } from '@nestjs/common';
import { QueueErrors } from './queue-errors';

describe('what a queue complains of', () => {
  const said: string[] = [];
  const errors = new QueueErrors();
  beforeAll(() => {
    jest.useFakeTimers();
    const say = (level: string) => (message: unknown) => void said.push(`${level} ${String(message)}`);
    Logger.overrideLogger({ log: say('log'), warn: say('warn'), error: say('error') });
  });
  beforeEach(() => said.splice(0));
  afterAll(() => {
    jest.useRealTimers();
    Logger.overrideLogger(false);
  });

  it('is not worth a word where Redis is away, and worth an error where nobody knows it', () => {
    errors.hear(new Error('Connection is closed.'));
    expect(said).toEqual([]);
    errors.hear(new Error('Unknown code -9 error for 1. moveToFinished'));
    expect(said).toEqual(['error Unknown code -9 error for 1. moveToFinished']);
  });

  it('is one warning where many jobs were lost together', () => {
    errors.hear(new Error('Missing key for job order-1-0. moveToFinished'));
    errors.hear(new Error('Missing lock for job order-2-0. moveToDelayed'));
    errors.hear(new Error('could not renew lock for job order-3-0'));
    jest.advanceTimersByTime(1_000);
    expect(said).toEqual(['warn Lost the hold of jobs, and was told so 3 times']);
    errors.hear(new Error('Lock mismatch for job order-4-0. Cmd moveToFinished from active'));
    jest.advanceTimersByTime(1_000);
    expect(said[1]).toBe('warn Lost the hold of jobs, and was told so 1 times');
  });
});
