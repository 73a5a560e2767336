import { randomUUID } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { Pool } from 'undici';
import { accessToken, type AccessClaims } from '@suite/contracts';
import { freePort } from './free-port';
import { Service } from './service';
import { newId } from './stock';
import type { Wires } from './wires';

export const JWT_SECRET = 'the secret of these tests, 2c7e51b0d4f88a96';

/** What beforeAll may take, in ms: processes start slowly on a machine that has other things to do. */
export const START_MS = 90_000;

interface Sent {
  body?: unknown;
  raw?: string;
  token?: string;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  json: Record<string, unknown>;
}

/** One replica of the gateway, a process of its own, on a port of its own. */
export class GatewayProcess {
  private readonly pool: Pool;

  private constructor(
    readonly service: Service,
    readonly origin: string,
  ) {
    this.pool = new Pool(origin);
  }

  static async start(wires: Wires, settings: NodeJS.ProcessEnv = {}): Promise<GatewayProcess> {
    const port = await freePort();
    const own = { PORT: String(port), HOST: '127.0.0.1', JWT_SECRET, RATE_LIMIT_MAX: '1000000' };
    const service = await Service.start('apps/gateway/src/main.ts', { ...own, ...wires.environment, ...settings });
    return new GatewayProcess(service, `http://127.0.0.1:${port}`);
  }

  /** Paths go out as they are written. */
  async call(method: string, path: string, { body, raw, token, headers }: Sent = {}): Promise<Answer> {
    const answer = await this.pool.request({
      method,
      path,
      headers: {
        ...((body !== undefined || raw !== undefined) && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      body: raw ?? (body === undefined ? null : JSON.stringify(body)),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, text, json: parse(text) };
  }

  get(path: string, sent?: Sent): Promise<Answer> {
    return this.call('GET', path, sent);
  }

  post(path: string, body?: unknown, sent?: Sent): Promise<Answer> {
    return this.call('POST', path, { body, ...sent });
  }

  /** @returns the exit code. */
  async stop(): Promise<number | null> {
    await this.pool.destroy();
    return this.service.stop();
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export interface Token extends Partial<AccessClaims> {
  secret?: string;
  issuer?: string;
  audience?: string;
  algorithm?: 'HS256' | 'HS384' | 'none';
  /** Seconds from now. */
  expiresIn?: number;
}

/** An access token as auth makes them, or with one thing wrong. */
export function makeToken({ secret = JWT_SECRET, algorithm, expiresIn = 900, ...rest }: Token = {}): string {
  const { issuer = accessToken.issuer, audience = accessToken.audience, ...claims } = rest;
  const about = {
    sub: newId(),
    sid: newId(),
    ver: 1,
    role: 'user',
    tier: 'standard',
    email: 'jo@example.com',
    name: 'Jo',
  };
  return new JwtService().sign(
    { ...about, jti: randomUUID(), ...claims },
    { secret: algorithm === 'none' ? '' : secret, algorithm: algorithm ?? 'HS256', issuer, audience, expiresIn },
  );
}

export const codeIn = ({ status, json }: Answer): string =>
  typeof json.code === 'string' ? `${status} ${json.code}` : `${status}`;
