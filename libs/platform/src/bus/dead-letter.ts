import type { Problem } from '@suite/contracts';
import { redact } from '../redact';
import type { Delivery } from './stream-reader';

/** What a service gave up on, as it lies in `dlq:{service}`. */
export interface DeadLetter {
  /** The stream and the id it had there. */
  stream: string;
  id: string;
  attempts: number;
  error: string;
  /** ISO 8601. */
  at: string;
  /** The envelope, without its secrets. */
  message: unknown;
}

export function deadLetterOf({ stream, id, attempts, text }: Delivery, problem: Problem): string {
  const cause = problem.cause instanceof Error ? problem.cause : problem;
  const letter: DeadLetter = {
    stream,
    id,
    attempts,
    error: cause.message,
    at: new Date().toISOString(),
    message: parse(text),
  };
  return JSON.stringify(redact(letter));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
