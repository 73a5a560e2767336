import { HttpException } from '@nestjs/common';
import { Problem, problems, type ProblemCode } from '@suite/contracts';
import { problemOf } from '@suite/platform';

/** Fastify's own refusals (https://fastify.dev/docs/latest/Reference/Errors/) in the words of the suite. */
const fastifyCodes: Record<string, [ProblemCode, detail?: string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['PAYLOAD_TOO_LARGE', 'The body may have at most 256 KiB'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['MALFORMED_JSON'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['MALFORMED_JSON', 'The body is empty'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['MALFORMED_JSON', 'The body is not as long as Content-Length says'],
  FST_ERR_BAD_URL: ['VALIDATION_FAILED', 'The URL is not valid'],
  FST_ERR_MAX_PARAM_LENGTH: ['VALIDATION_FAILED', 'A part of the path is too long'],
};

const statusCodes: Record<number, ProblemCode> = {
  400: 'VALIDATION_FAILED',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  412: 'VERSION_CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'RATE_LIMITED',
  503: 'SERVICE_UNAVAILABLE',
  504: 'TIMEOUT',
};

/**
 * Whatever was thrown, by whichever layer, as a Problem. Texts of libraries stay inside; what has no place in the table
 * is SERVICE_UNAVAILABLE where a store is away, otherwise INTERNAL_ERROR, with the original as its cause.
 */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const known = fastifyCodes[(error as { code?: string } | null)?.code ?? ''];
  if (known) return new Problem(known[0], known[1]);
  const code = statusCodes[statusOf(error) ?? 500];
  return code ? new Problem(code) : problemOf(error);
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  // Plugins of Fastify mark what the client did wrong by a status; a 5xx of theirs is ours.
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  // 403 is how they say that a path leads out of their folder. There is nothing there, and nothing to be allowed.
  if (status === 403) return 404;
  return typeof status === 'number' && status < 500 ? status : undefined;
}

/** A stable reference for RFC 9457's `type`: `/problems/price-changed`. */
export const typeOf = (code: ProblemCode): string => `/problems/${code.toLowerCase().replaceAll('_', '-')}`;

export const codeOf = (name: string): ProblemCode | undefined =>
  (Object.keys(problems) as ProblemCode[]).find((code) => typeOf(code) === `/problems/${name}`);
