import type { ProviderAnswer } from './provider-call';

type ErrorType = 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';

/** Errors in Stripe's shape: https://docs.stripe.com/api/errors */
export class StripeError extends Error {
  constructor(
    readonly status: number,
    readonly type: ErrorType,
    message: string,
    readonly more: object = {},
  ) {
    super(message);
  }

  get answer(): ProviderAnswer {
    const { type, message, more } = this;
    return { status: this.status, body: { error: { ...more, message, type } } };
  }
}

const docs = (code: string) => ({ code, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` });

export const missing = (kind: string, id: string) =>
  new StripeError(404, 'invalid_request_error', `No such ${kind}: '${id}'`, {
    ...docs('resource_missing'),
    param: 'intent',
  });

export const invalid = (message: string, code?: string, more: object = {}) =>
  new StripeError(400, 'invalid_request_error', message, { ...(code !== undefined && docs(code)), ...more });

export const strangers = new StripeError(
  401,
  'invalid_request_error',
  'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.',
);

export const keyReused = (key: string) =>
  new StripeError(
    400,
    'idempotency_error',
    `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
  );

export const keyInUse = (key: string) =>
  new StripeError(
    409,
    'idempotency_error',
    `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
    docs('idempotency_key_in_use'),
  );

export const brokenDown = new StripeError(500, 'api_error', 'An unknown error occurred');

/** https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts */
const SMALLEST = 50;

export function assertLargeEnough(amount: number): void {
  if (Number.isInteger(amount) && amount >= SMALLEST) return;
  const message = 'The Checkout Session’s total amount must convert to at least 50 cents.';
  throw invalid(message, 'amount_too_small', { param: 'amount' });
}
