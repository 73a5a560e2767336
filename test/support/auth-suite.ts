import { randomUUID } from 'node:crypto';
import { JwtService } from '@nestjs/jwt';
import { Queue } from 'bullmq';
import type { Collection, Document } from 'mongodb';
import {
  auth,
  notifications,
  type AccessClaims,
  type Caller,
  type SendMail,
  type Tokens,
  type User,
} from '@suite/contracts';
import { eventually } from './eventually';
import { Service } from './service';
import { openWires, type Wires } from './wires';

export const PASSWORD = 'Corr3ct-horse!';
export const NEW_PASSWORD = 'N3w-battery-staple';
export const HOME = { userAgent: 'a browser', address: '192.0.2.1' };
export const JWT_SECRET = 'the secret of these tests, 7b1f0c9a4e8d2635';

/** Two processes start from their sources: a matter of seconds, on a busy machine of many. */
export const START_MS = 90_000;

const ADMIN = { email: 'first.admin@example.com', password: 'the first admin' };

export const someEmail = (): string => `jo-${randomUUID().slice(0, 8)}@example.com`;

/** Who a token says one is. */
export function callerFrom(tokens: Tokens): Caller {
  const { sub, sid, role, tier, email, name } = claimsOf(tokens);
  return { userId: sub, sessionId: sid, role, tier, email, name };
}

export const claimsOf = ({ token }: Tokens): AccessClaims => new JwtService().decode<AccessClaims>(token);

/** Two replicas of auth on stores of their own, and what stories about them begin with. */
export class AuthSuite {
  private constructor(
    readonly wires: Wires,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly mails: Queue<SendMail>,
    readonly replicas: Service[] = [],
  ) {}

  static async start(settings: NodeJS.ProcessEnv = {}): Promise<AuthSuite> {
    const wires = await openWires();
    const environment = {
      BCRYPT_COST: '4',
      JWT_SECRET,
      ADMIN_EMAIL: ADMIN.email,
      ADMIN_PASSWORD: ADMIN.password,
      ...wires.environment,
      ...settings,
    };
    const { host, port, password, db } = wires.redis.options;
    const mails = new Queue<SendMail>(notifications.sendMail.queue, { connection: { host, port, password, db } });
    const suite = new AuthSuite(wires, environment, mails);
    await Promise.all([suite.startReplica(), suite.startReplica()]);
    return suite;
  }

  async startReplica(settings: NodeJS.ProcessEnv = {}): Promise<void> {
    this.replicas.push(await Service.start('apps/auth/src/main.ts', { ...this.environment, ...settings }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.stop()));
    await this.mails.close();
    await this.wires.close();
  }

  get ask(): Wires['ask'] {
    return this.wires.ask;
  }

  collection<T extends Document = Document>(name: 'users' | 'sessions' | 'oneTimeTokens'): Collection<T> {
    return this.wires.database('auth').collection<T>(name);
  }

  register(email = someEmail(), name = 'Jo Doe'): Promise<User> {
    return this.ask(auth.register, { email, password: PASSWORD, name });
  }

  login(email: string, password = PASSWORD, device = HOME): Promise<Tokens> {
    return this.ask(auth.login, { email, password, device });
  }

  refresh(refreshToken: string): Promise<Tokens> {
    return this.ask(auth.refresh, { refreshToken });
  }

  /** A new user with an open session. */
  async newcomer(): Promise<Tokens> {
    const { email } = await this.register();
    return this.login(email);
  }

  admin(): Promise<Tokens> {
    return this.login(ADMIN.email, ADMIN.password);
  }

  /** What the gateway would find for the session of these tokens. */
  revocationOf(tokens: Tokens): Promise<string | null> {
    return this.wires.redis.get(`revoked:{${claimsOf(tokens).sid}}`);
  }

  /** The mails of a kind to an address, once there are so many of them. */
  async mailsTo(to: string, kind: SendMail['kind'], count = 1): Promise<{ secret: string }[]> {
    return eventually(async () => {
      const jobs = await this.mails.getJobs();
      const found = jobs.map(({ data }) => data).filter((mail) => mail.to === to && mail.kind === kind);
      if (found.length !== count) throw new Error(`${found.length} mails of kind ${kind} to ${to} instead of ${count}`);
      return found.map(({ data }) => data as { secret: string });
    });
  }
}

/** What a promise was rejected with, to compare with a code. */
export const problem = (code: string): unknown => expect.objectContaining({ code });

/** How many ended in what. */
export async function tally(promises: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const outcome of await Promise.allSettled(promises)) {
    const word = outcome.status === 'fulfilled' ? 'ok' : ((outcome.reason as { code?: string }).code ?? 'broken');
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}
