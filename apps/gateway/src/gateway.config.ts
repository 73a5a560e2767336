import { IsBoolean, IsIn, IsInt, IsNotEmpty, Matches, Max, Min } from 'class-validator';
import { developmentSecret, IsDuration, isProduction, IsSecret } from '@suite/platform';

const ORIGINS = /^(https?:\/\/[^\s/,]+(\s*,\s*|\s*$))*$/;

/** What the HTTP gateway needs to know beside the settings of every process. */
export class GatewayConfig {
  /** Replicas of one machine need one each. */
  @IsInt()
  @Min(0)
  @Max(65_535)
  PORT: number = 8_000;

  /** The address to listen on. Behind Nginx on the same machine `127.0.0.1` keeps the gateway's own door shut. */
  @IsNotEmpty()
  HOST: string = '0.0.0.0';

  /**
   * Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: addresses, subnets, `loopback`, `linklocal`,
   * `uniquelocal`, or `none`. Whoever is believed can give itself any address, and with it a rate limit of its own.
   */
  @Matches(/^[\w.:/, ]+$/)
  TRUST_PROXY: string = 'loopback,linklocal,uniquelocal';

  /** Origins (`https://shop.example`) whose pages may call with cookies, separated by commas; matched exactly. */
  @Matches(ORIGINS, { message: 'CORS_ORIGINS must be origins such as https://shop.example, separated by commas' })
  CORS_ORIGINS: string = '';

  /** Checks the signature of access tokens; the same value as in auth, which signs them. */
  @IsSecret()
  JWT_SECRET: string = developmentSecret('JWT_SECRET');

  /** How long the browser keeps the refresh token's cookie: the value that auth gives those tokens. */
  @IsDuration()
  JWT_REFRESH_EXPIRATION: string = '7d';

  /** Requests of one client (a user, or an address when nobody is signed in) in one window. */
  @IsInt()
  @Min(1)
  RATE_LIMIT_MAX: number = 100;

  /** The window of `RATE_LIMIT_MAX`, in ms. */
  @IsInt()
  @Min(1_000)
  RATE_LIMIT_WINDOW: number = 900_000;

  /**
   * Logins, registrations and one-time tokens of one address in one window. A whole office can be one address; what
   * protects an account is auth's own limit on wrong passwords.
   */
  @IsInt()
  @Min(1)
  AUTH_RATE_LIMIT_MAX: number = 20;

  /** The window of `AUTH_RATE_LIMIT_MAX`, in ms. */
  @IsInt()
  @Min(1_000)
  AUTH_RATE_LIMIT_WINDOW: number = 900_000;

  /** Sockets and event streams of one user at the same time, on all gateways together. */
  @IsInt()
  @Min(1)
  LIVE_MAX_PER_USER: number = 20;

  /** Swagger UI and the OpenAPI document at `/api/docs`. */
  @IsBoolean()
  SWAGGER_ENABLED: boolean = !isProduction();

  /**
   * May admins retry, promote and delete jobs on the board? Its buttons leave no audit and pass the order's own rules
   * by; a stale job changes nothing, but a deleted one waits for the reconciler.
   */
  @IsBoolean()
  BULL_BOARD_WRITABLE: boolean = false;

  /** `reads`: one log line for every request; `writes`: for unsafe methods, refusals and slow answers only; `none`. */
  @IsIn(['reads', 'writes', 'none'])
  ACCESS_LOG: string = 'writes';
}

export const originsOf = ({ CORS_ORIGINS }: GatewayConfig): string[] =>
  CORS_ORIGINS.split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
