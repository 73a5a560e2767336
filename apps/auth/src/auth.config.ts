import { availableParallelism } from 'node:os';
import { IsPassword } from '@suite/contracts';
import { developmentSecret, durationMs, IsDuration, IsSecret, isProduction } from '@suite/platform';
import { IsBoolean, IsEmail, IsInt, Max, Min, ValidateBy, ValidateIf } from 'class-validator';

/** libuv's threads hash passwords, but also look up host names and read files: two of them are left alone. */
const hashThreads = Math.max(1, Number(process.env.UV_THREADPOOL_SIZE || 4) - 2);

const RefusedInProduction = (...values: unknown[]): PropertyDecorator =>
  ValidateBy({
    name: 'refusedInProduction',
    validator: {
      validate: (value) => !isProduction() || !values.includes(value),
      defaultMessage: () => '$property has a value that everybody knows; it is refused in production',
    },
  });

const IfAdminIsNamed = (): PropertyDecorator =>
  ValidateIf(({ ADMIN_EMAIL, ADMIN_PASSWORD }: AuthConfig) => ADMIN_EMAIL !== '' || ADMIN_PASSWORD !== '');

export class AuthConfig {
  /** Signs access tokens; the gateway verifies them with the same value. A new one ends all access tokens at once. */
  @IsSecret({ unlike: 'JWT_REFRESH_SECRET' })
  JWT_SECRET: string = developmentSecret('JWT_SECRET');

  /** Derives each refresh token from its predecessor; only auth knows it. A new one ends all sessions at once. */
  @IsSecret({ unlike: 'JWT_SECRET' })
  JWT_REFRESH_SECRET: string = developmentSecret('JWT_REFRESH_SECRET');

  /**
   * How long an access token lives. Keep it short: the list of ended sessions in Redis is as long as it. When it is made
   * shorter, older tokens outlive their entry in that list by the difference.
   */
  @IsDuration()
  JWT_EXPIRATION: string = '15m';

  /** How long a session lives without being used. */
  @IsDuration()
  JWT_REFRESH_EXPIRATION: string = '7d';

  /** Each step doubles the time that hashing takes: 12 is about 0.2 s. A hash of lower cost is replaced at login. */
  @IsInt()
  @Min(4)
  @Max(16)
  BCRYPT_COST: number = 12;

  /**
   * How many passwords one process hashes at once, each on a thread of its own; one core is left to everything else.
   * More than UV_THREADPOOL_SIZE - 2 is refused: host names wait for the same threads.
   */
  @IsInt()
  @Min(1)
  @Max(hashThreads)
  HASH_CONCURRENCY: number = Math.min(hashThreads, Math.max(1, availableParallelism() - 1));

  /** How many more may wait for their turn; whoever comes then hears OVERLOADED at once. */
  @IsInt()
  @Min(1)
  HASH_MAX_WAITING: number = 64;

  /** How long one may wait, in ms; below the 5 s after which its caller has gone. */
  @IsInt()
  @Min(100)
  @Max(4_000)
  HASH_MAX_WAIT_MS: number = 3_000;

  /** With ADMIN_PASSWORD: the admin that is made at start while there is none. An existing user is never promoted. */
  @IfAdminIsNamed()
  @IsEmail()
  ADMIN_EMAIL: string = '';

  /** For the first login; it is not read again once there is an admin. */
  @IfAdminIsNamed()
  @IsPassword()
  @RefusedInProduction('admin123', 'password', 'changeme', 'change-me')
  ADMIN_PASSWORD: string = '';

  /** Makes an admin, a user and a VIP whose passwords are in the documentation. Refused in production. */
  @IsBoolean()
  @RefusedInProduction(true)
  SEED_DEMO: boolean = false;

  get accessLifeMs(): number {
    return durationMs(this.JWT_EXPIRATION);
  }

  get refreshLifeMs(): number {
    return durationMs(this.JWT_REFRESH_EXPIRATION);
  }
}
