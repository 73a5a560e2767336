import { randomBytes } from 'node:crypto';
import type { ProviderAnswer } from './provider-call';

const debugId = (): string => randomBytes(7).toString('hex').slice(0, 13);

/** Errors in PayPal's shape: https://developer.paypal.com/api/rest/responses/ */
export class PaypalError extends Error {
  constructor(
    readonly status: number,
    readonly fault: string,
    message: string,
    readonly issue?: string,
  ) {
    super(message);
  }

  get answer(): ProviderAnswer {
    const { status, fault: name, message, issue } = this;
    const details = issue === undefined ? [] : [{ issue, description: message }];
    return { status, body: { name, message, debug_id: debugId(), details, links: [] } };
  }
}

export const unprocessable = (issue: string, description: string) =>
  new PaypalError(422, 'UNPROCESSABLE_ENTITY', description, issue);

export const notFound = () =>
  new PaypalError(404, 'RESOURCE_NOT_FOUND', 'The specified resource does not exist.', 'INVALID_RESOURCE_ID');

export const invalidRequest = (description: string) =>
  new PaypalError(400, 'INVALID_REQUEST', description, 'INVALID_PARAMETER_VALUE');

export const stranger = () =>
  new PaypalError(
    401,
    'AUTHENTICATION_FAILURE',
    'Authentication failed due to invalid authentication credentials or a missing Authorization header.',
  );

export const keyInUse = () =>
  new PaypalError(409, 'RESOURCE_CONFLICT', 'The server has detected a conflict.', 'PREVIOUS_REQUEST_IN_PROGRESS');

export const keyReused = () =>
  unprocessable('DUPLICATE_REQUEST_ID', 'The value of PayPal-Request-Id header has already been used.');

export const brokenDown = () => new PaypalError(500, 'INTERNAL_SERVER_ERROR', 'An internal server error has occurred.');
