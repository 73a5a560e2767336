import { createHash } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { Problem } from '@suite/contracts';
import type { Success } from './envelope';

/**
 * Answers with a body, or with 304 and none when the client has it already. What admins see differs from what others
 * do, so whoever keeps an answer keeps it for the credentials it was asked with.
 */
export function unlessFresh<Body>(
  reply: FastifyReply,
  ifNoneMatch: string | undefined,
  etag: string,
  body: Body,
): Body | undefined {
  const vary = [reply.getHeader('vary'), 'Authorization', 'Cookie'].flat().filter(Boolean).join(', ');
  reply.header('etag', etag).header('cache-control', 'private, no-cache').header('vary', vary);
  if (!isFresh(ifNoneMatch, etag)) return body;
  reply.code(304);
  return undefined;
}

/** A tag for what has no version of its own. */
export const etagOf = (body: Success<unknown>): string =>
  `"${createHash('sha1').update(JSON.stringify(body)).digest('base64url')}"`;

/** RFC 9110, 13.1.2: If-None-Match compares weakly, and knows lists and `*`. */
export const isFresh = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch !== undefined &&
  (ifNoneMatch.trim() === '*' || ifNoneMatch.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag));

/** What If-Match may be: `*`, the version of a body, or the ETag of a GET, which begins with it. */
export const IF_MATCH_FORM = /^(\*|"(\d{1,15})(-\d{1,15})?")$/;

/**
 * The version that If-Match asks for: `"3"`, or the ETag `"3-120"` of a GET. Undefined for none and for `*`.
 * @throws Problem VALIDATION_FAILED for a tag that is none of ours: ignoring it would overwrite what it should guard.
 */
export function versionOf(ifMatch: string | undefined): number | undefined {
  const [wanted, , version] = IF_MATCH_FORM.exec(ifMatch?.trim() ?? '*') ?? [];
  if (wanted !== undefined) return version === undefined ? undefined : Number(version);
  const message = 'If-Match must be the version in quotes, such as "3"';
  throw new Problem('VALIDATION_FAILED', message, { errors: [{ path: 'If-Match', message }] });
}
