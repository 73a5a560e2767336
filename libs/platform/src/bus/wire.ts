import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { ProblemData } from '@suite/contracts';

/** This process, as consumer and as client: new at every start. */
export const processId = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`;

/**
 * The keys of the transport. What stands in braces is the hash tag of Redis Cluster: all keys of one inbox, domain or
 * client lie on one node.
 */
export const keys = {
  /** Requests to a service, and facts that are put back for this service alone. */
  inbox: (service: string) => `rq:{${service}}`,
  /** What happened in a domain; one consumer group for each service that hears it. */
  facts: (domain: string) => `ev:{${domain}}`,
  /** What a service gave up on. */
  deadLetters: (service: string) => `dlq:{${service}}`,
  /** What every process that listens just now should hear; nobody keeps account of who did. */
  live: (name: string) => `live:{${name}}`,
  /** Answers to one client process. */
  replies: (client: string) => `rp:{${client}}`,
};

/** How long a stream of replies outlives the process that reads it. */
export const REPLIES_KEPT_MS = 60_000;

/** What travels beside every body. */
export interface Header {
  requestId: string;
  /** Who asks, sealed; facts have none, since they may be heard at any time. */
  caller?: string;
  /** The caller asks without an admin's rights. */
  asCustomer?: boolean;
  /** What asks or tells, where it is traced (W3C Trace Context). */
  traceparent?: string;
}

/** One entry of a stream, as the JSON text of its only field `m`. */
export interface Envelope {
  /** Name of the contract. */
  p: string;
  /** Body. */
  d: unknown;
  h: Header;
  /** Idempotency key of the request, or the key of the fact. */
  k?: string;
  /** Number of the request, unique for its client. Facts have none of the next three. */
  i?: string;
  /** The client that waits for the answer. */
  r?: string;
  /** Time to live in ms, counted from the entry's id by Redis's clock. */
  t?: number;
}

/** An answer, or the problem in its place. Answers to one client that are ready together share one entry. */
export type Reply = [request: string, answer: unknown] | [request: string, answer: null, problem: ProblemData];

/** An entry as ioredis hands it over. */
export type Entry = [id: string, fields: string[] | null];

export const textOf = (entry: Entry): string => entry[1]?.[1] ?? '';

/** When an entry was written, in ms of Redis's clock. */
export const writtenAt = (id: string): number => Number(id.slice(0, id.indexOf('-')));
