import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { compare, getRounds, hash } from 'bcrypt';
import { AuthConfig } from './auth.config';
import { HashQueue } from './hash-queue';

/**
 * Passwords as bcrypt hashes (Provos and Mazières, 1999). Their length is limited by the contracts: bcrypt reads no more
 * than 72 bytes. The work is done on libuv's threads, a bounded number at a time.
 */
@Injectable()
export class PasswordsService {
  private readonly queue: HashQueue;
  private readonly decoy: Promise<string>;

  constructor(private readonly config: AuthConfig) {
    this.queue = new HashQueue({
      concurrency: config.HASH_CONCURRENCY,
      maxWaiting: config.HASH_MAX_WAITING,
      maxWaitMs: config.HASH_MAX_WAIT_MS,
    });
    this.decoy = hash(randomBytes(16).toString('hex'), config.BCRYPT_COST);
  }

  /** @throws Problem OVERLOADED */
  hash(password: string): Promise<string> {
    return this.queue.run(() => hash(password, this.config.BCRYPT_COST));
  }

  /**
   * Takes the same time whatever is wrong: without a hash (there is no such user) a decoy is compared, and for a hash of
   * lower cost the difference is spent.
   * @param admit runs when the turn has come and before anything is compared; what it throws is thrown. So no more
   *   guesses are under way than are hashed at once, however many wait.
   * @throws Problem OVERLOADED
   */
  matches(password: string, stored: string | undefined, admit: () => Promise<void>): Promise<boolean> {
    return this.queue.run(async () => {
      await admit();
      const right = await compare(password, stored ?? (await this.decoy));
      if (!right && stored) await this.spendDifference(password, stored);
      return right && stored !== undefined;
    });
  }

  /** Was it hashed at a lower cost than is set now? */
  isOutdated(stored: string): boolean {
    return getRounds(stored) < this.config.BCRYPT_COST;
  }

  /** 2^n + 2^n + 2^(n+1) + … + 2^(m-1) = 2^m */
  private async spendDifference(password: string, stored: string): Promise<void> {
    for (let cost = getRounds(stored); cost < this.config.BCRYPT_COST; cost++) await hash(password, cost);
  }
}
