import { IsInt, IsString, Max, Min } from 'class-validator';

/** The sandbox stands in for the outside world; it refuses to start in production. */
export class SandboxConfig {
  /** The inbox page and its API. */
  @IsInt()
  @Min(1)
  @Max(65_535)
  SANDBOX_PORT: number = 8025;

  /** Where mails are accepted by SMTP. */
  @IsInt()
  @Min(1)
  @Max(65_535)
  SANDBOX_SMTP_PORT: number = 1025;

  /**
   * The address both listen on. Whoever reaches it reads every mail, one-time tokens included, without a password: `::`
   * or `0.0.0.0` only inside a container network.
   */
  @IsString()
  SANDBOX_HOST: string = '127.0.0.1';

  /** How many mails are kept; the oldest go first. They take at most 64 MiB, however many they are. */
  @IsInt()
  @Min(1)
  SANDBOX_MAX_MAILS: number = 1_000;
}
