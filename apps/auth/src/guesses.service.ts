import { Injectable } from '@nestjs/common';
import { Problem } from '@suite/contracts';
import { AttemptsService } from './attempts.service';
import { PasswordsService } from './passwords.service';
import type { UserRecord } from './user.schema';

const WRONG_PASSWORDS = { name: 'password', max: 10, windowMs: 15 * 60_000 };

/**
 * Checks passwords, and lets nobody guess: ten wrong ones for an account within 15 minutes, counted before they are
 * compared, so that guesses at the same moment do not slip through. A right one begins anew.
 *
 * Guessing cannot lock the owner out. A place from which the account was logged in before has a count of its own, that
 * strangers elsewhere do not use up; a new password, also by a mailed token, begins a new count; and sessions that are
 * open stay open.
 */
@Injectable()
export class GuessesService {
  constructor(
    private readonly attempts: AttemptsService,
    private readonly passwords: PasswordsService,
  ) {}

  /**
   * Takes as long, and refuses as soon, for an address that nobody has registered.
   * @param place where the account is known, if it is: an address, a session.
   * @throws Problem RATE_LIMITED, OVERLOADED
   */
  async check(password: string, email: string, user: UserRecord | null, place = ''): Promise<boolean> {
    const subject = `${email}\n${user?.passwordVersion ?? 0}\n${place}`;
    const right = await this.passwords.matches(password, user?.passwordHash, async () => {
      const waitMs = await this.attempts.take(WRONG_PASSWORDS, subject);
      if (waitMs > 0) {
        throw new Problem('RATE_LIMITED', 'Too many wrong passwords', { retryAfter: Math.ceil(waitMs / 1_000) });
      }
    });
    // A disabled account must not tell a right password from a wrong one by what it does to the count.
    if (right && !user?.disabled) await this.attempts.forget(WRONG_PASSWORDS, subject);
    return right;
  }
}
