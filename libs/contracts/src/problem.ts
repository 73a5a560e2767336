/**
 * Errors as the suite and its clients know them.
 *
 * - `refused`: the caller can fix it. 4xx, never retried, logged as info.
 * - `busy`: weather. 409, 429, 503 or 504; may be retried; logged as a warning.
 * - `broken`: ours. 500, its text is hidden from clients, retried, logged as an error.
 */
export type ProblemKind = 'refused' | 'busy' | 'broken';

const refused = (status: number, title: string) => ({ kind: 'refused' as ProblemKind, status, title });
const busy = (status: number, title: string) => ({ kind: 'busy' as ProblemKind, status, title });
const broken = (status: number, title: string) => ({ kind: 'broken' as ProblemKind, status, title });

/** The closed table: every code a client can ever see. Codes are stable; titles may be reworded. */
export const problems = {
  VALIDATION_FAILED: refused(400, 'The request is not valid'),
  MALFORMED_JSON: refused(400, 'The body is not valid JSON'),
  INVALID_SIGNATURE: refused(400, 'The signature is not valid'),
  UNAUTHORIZED: refused(401, 'Authentication is required'),
  INVALID_CREDENTIALS: refused(401, 'The e-mail address or the password is wrong'),
  INVALID_REFRESH_TOKEN: refused(401, 'The refresh token is not valid'),
  REFRESH_TOKEN_REUSED: refused(401, 'The refresh token was used before; its session has been ended'),
  INVALID_TOKEN: refused(400, 'The one-time token is not valid or has expired'),
  FORBIDDEN: refused(403, 'This is not allowed'),
  CSRF_REJECTED: refused(403, 'The request does not come from an allowed origin'),
  NOT_FOUND: refused(404, 'There is nothing here'),
  STOCK_NOT_FOUND: refused(404, 'There is no such stock'),
  PRODUCT_NOT_FOUND: refused(404, 'There is no such product'),
  USER_NOT_FOUND: refused(404, 'There is no such user'),
  SESSION_NOT_FOUND: refused(404, 'There is no such session'),
  ORDER_NOT_FOUND: refused(404, 'There is no such order'),
  CART_ITEM_NOT_FOUND: refused(404, 'This is not in the cart'),
  DEAD_LETTER_NOT_FOUND: refused(404, 'There is no such dead letter'),
  WEBHOOK_NOT_FOUND: refused(404, 'There is no such webhook'),
  METHOD_NOT_ALLOWED: refused(405, 'This method is not allowed here'),
  EMAIL_TAKEN: refused(409, 'The e-mail address is taken'),
  SKU_TAKEN: refused(409, 'The sku is taken'),
  INSUFFICIENT_STOCK: refused(409, 'There is not enough in stock'),
  PRICE_CHANGED: refused(409, 'The price has changed'),
  CART_EMPTY: refused(409, 'The cart is empty'),
  INVALID_TRANSITION: refused(409, 'The order cannot move there from where it is'),
  ALREADY_REPLAYED: refused(409, 'The dead letter was replayed before'),
  REPLAY_LIMIT_REACHED: refused(409, 'The order was replayed too often'),
  REFUND_EXCEEDS_CAPTURE: refused(409, 'More would be refunded than was paid'),
  LAST_ADMIN: refused(409, 'The last admin must stay'),
  DEMO_RUNNING: refused(409, 'A demonstration is running already'),
  VERSION_CONFLICT: refused(412, 'It was changed by somebody else in the meantime'),
  PAYLOAD_TOO_LARGE: refused(413, 'The body is too large'),
  UNSUPPORTED_MEDIA_TYPE: refused(415, 'This content type is not supported'),
  IDEMPOTENCY_KEY_REUSED: refused(422, 'The idempotency key was used with another body'),
  PAYMENT_METHOD_UNAVAILABLE: refused(422, 'This payment method is not available'),
  RATE_LIMITED: refused(429, 'Too many requests'),
  IDEMPOTENCY_IN_PROGRESS: busy(409, 'A request with this idempotency key is still running'),
  SERVICE_UNAVAILABLE: busy(503, 'A part of the shop is not available just now'),
  OUTCOME_UNKNOWN: busy(503, 'It is not known whether this was done; repeat it with the same idempotency key'),
  OVERLOADED: busy(503, 'Too much is going on just now'),
  TIMEOUT: busy(504, 'A part of the shop did not answer in time'),
  INTERNAL_ERROR: broken(500, 'Something went wrong on our side'),
} as const;

export type ProblemCode = keyof typeof problems;

/** One property that did not pass validation: `items.0.quantity`. */
export interface FieldError {
  path: string;
  message: string;
}

/** What else a client is told: field errors, or facts such as `currentPrice`. Never a secret, a stack or a driver's text. */
export interface ProblemExtra {
  errors?: FieldError[];
  /** Seconds after which it is worth trying again. */
  retryAfter?: number;
  [fact: string]: unknown;
}

/** How a Problem crosses the transport. */
export interface ProblemData {
  code: ProblemCode;
  detail: string;
  extra: ProblemExtra;
}

/** The one error class of the suite. It crosses the transport as data and is a Problem again on the other side. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    readonly detail: string = problems[code].title,
    readonly extra: ProblemExtra = {},
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
  }

  get status(): number {
    return problems[this.code].status;
  }

  get kind(): ProblemKind {
    return problems[this.code].kind;
  }

  toData(): ProblemData {
    return { code: this.code, detail: this.detail, extra: this.extra };
  }

  static fromData(data: ProblemData): Problem {
    return data.code in problems ? new Problem(data.code, data.detail, data.extra) : new Problem('INTERNAL_ERROR');
  }

  /** Any thrown thing as a Problem; what is not one becomes INTERNAL_ERROR, with the original as its `cause`. */
  static from(error: unknown): Problem {
    return error instanceof Problem ? error : new Problem('INTERNAL_ERROR', undefined, {}, { cause: error });
  }
}
