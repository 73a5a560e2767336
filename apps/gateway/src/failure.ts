import { HttpException } from '@nestjs/common';
import { Problem, problems, type ProblemCode } from '@suite/contracts';
import { problemOf } from '@suite/platform';

/**
 * What Nest, Fastify and its plugins refuse by themselves, by the status they give it. The suite's own refusals are
 * Problems from the beginning.
 */
const refusals: Record<number, [ProblemCode, detail?: string]> = {
  400: ['VALIDATION_FAILED'],
  401: ['UNAUTHORIZED'],
  // How static files say that a path leads out of their folder: there is nothing there, and nothing to be allowed.
  403: ['NOT_FOUND'],
  404: ['NOT_FOUND'],
  405: ['METHOD_NOT_ALLOWED'],
  413: ['PAYLOAD_TOO_LARGE', 'The body may have at most 256 KiB'],
  414: ['VALIDATION_FAILED', 'A part of the path is too long'],
  415: ['UNSUPPORTED_MEDIA_TYPE', 'Send the body as application/json'],
  503: ['SERVICE_UNAVAILABLE'],
};

/**
 * Whatever was thrown, by whichever layer, as a Problem. Texts of libraries stay inside; what has no place in the table
 * is SERVICE_UNAVAILABLE where a store is away, otherwise INTERNAL_ERROR, with the original as its cause.
 */
export function asProblem(error: unknown): Problem {
  const refusal = error instanceof Problem ? undefined : refusals[statusOf(error) ?? 500];
  return refusal ? new Problem(refusal[0], refusal[1]) : problemOf(error);
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  // A plugin's own 5xx is ours.
  return typeof status === 'number' && status < 500 ? status : undefined;
}

/** A stable reference for RFC 9457's `type`: `/problems/price-changed`. */
export const typeOf = (code: ProblemCode): string => `/problems/${code.toLowerCase().replaceAll('_', '-')}`;

export const codeOf = (name: string): ProblemCode | undefined =>
  (Object.keys(problems) as ProblemCode[]).find((code) => typeOf(code) === `/problems/${name}`);
