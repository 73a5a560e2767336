import type { Reply } from './client';
import type { ProblemView } from './views';

/** How a refusal is written in the tables: status and code. */
export type Refusal = `${number} ${string}`;
export const INVALID: Refusal = '400 VALIDATION_FAILED';

/** Nobody waits longer than this to be refused, in ms. */
export const PATIENCE = 2_500;

export const NO_ID = 'f'.repeat(24);

/** The form of every refusal: a problem that says what, at which status, for which request, and nothing of the inside. */
export function expectRefusal(reply: Reply<unknown>, refusal: Refusal): void {
  expect(`${reply.status} ${reply.code}`).toBe(refusal);
  expect(reply.headers['content-type']).toContain('application/problem+json');
  expect(reply.ms).toBeLessThan(PATIENCE);
  const { type, title, status, detail, instance, requestId, errors = [] } = reply.body as ProblemView;
  expect(status).toBe(reply.status);
  for (const text of [type, title, detail, instance]) expect(text).toEqual(expect.any(String));
  expect(requestId).toBe(reply.headers['x-request-id']);
  for (const error of errors) {
    expect(error).toEqual({ path: expect.any(String) as string, message: expect.any(String) as string });
  }
  expect(reply.text).not.toMatch(/\bat \S+ \(|node_modules|Mongo|E11000|ioredis|\/src\//);
}
