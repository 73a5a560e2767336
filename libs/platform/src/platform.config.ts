import { statSync } from 'node:fs';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { plantedFaults } from './failpoints';
import { developmentSecret, IsSecret } from './secret';

const IsReadableFile = (): PropertyDecorator =>
  ValidateBy({
    name: 'isReadableFile',
    validator: {
      validate: (value) => typeof value === 'string' && statSync(value, { throwIfNoEntry: false })?.isFile() === true,
      defaultMessage: () => '$property must be a file that can be read, but there is none at $value',
    },
  });

/** A switch that makes a process fail on purpose. Nobody else than a test may find it. */
const ForTestsAlone = (): PropertyDecorator =>
  ValidateBy({
    name: 'forTestsAlone',
    validator: {
      validate: (value, args) => value === undefined || (args!.object as PlatformConfig).NODE_ENV === 'test',
      defaultMessage: () => '$property is for tests alone (NODE_ENV=test)',
    },
  });

/** What every process needs to know. */
export class PlatformConfig {
  /** `production` turns on strict secrets, JSON logs and secure cookies, and turns off seeds and the sandbox. */
  @IsIn(['development', 'test', 'production'])
  NODE_ENV: string = 'development';

  /** `error`, `warn`, `info`, `debug`. At `debug` every message is logged: not for load. */
  @IsIn(['error', 'warn', 'info', 'debug'])
  LOG_LEVEL: string = 'info';

  /** What also goes to standard output; empty: the same as `LOG_LEVEL`. `npm start` sets `warn`: the files have the rest. */
  @IsOptional()
  @IsIn(['error', 'warn', 'info', 'debug'])
  LOG_CONSOLE_LEVEL: string | undefined = undefined;

  /** Where `error.log` and `combined.log` go; `none` in containers, where only standard output counts. */
  @IsNotEmpty()
  LOG_DIR: string = 'logs';

  /** A replica set (transactions need one). A database name in it becomes the prefix of the services' databases. */
  @Matches(/^mongodb(\+srv)?:\/\//)
  MONGODB_URI: string = 'mongodb://127.0.0.1:27017/?replicaSet=rs0';

  /**
   * Whether a service brings its database up to its release when it starts. `false`: it is not ready, and refuses requests,
   * until `npm run migrate` of that release has run; for large databases, where building an index takes its time.
   */
  @IsBoolean()
  MIGRATE_AT_START: boolean = true;

  /** Streams, queues and counters. It must never evict (`noeviction`), or what was accepted is lost. */
  @IsString()
  REDIS_HOST: string = '127.0.0.1';

  /** Of REDIS_HOST. */
  @IsInt()
  @Min(1)
  @Max(65_535)
  REDIS_PORT: number = 6379;

  /** A user of Redis' access control lists; without a name it is the default user. Which rights it needs: docs/SECURITY.md. */
  @IsOptional()
  @IsString()
  REDIS_USERNAME: string | undefined = undefined;

  /** Of REDIS_USERNAME, or of the default user; none where Redis asks for none. */
  @IsOptional()
  @IsString()
  REDIS_PASSWORD: string | undefined = undefined;

  /** The database number; Redis Cluster has only 0. */
  @IsInt()
  @Min(0)
  @Max(15)
  REDIS_DB: number = 0;

  /** As managed Redis mostly wants it. Its certificate is checked: for REDIS_HOST, and against REDIS_TLS_CA. */
  @IsBoolean()
  REDIS_TLS: boolean = false;

  /**
   * A file with the certificate (PEM) of the authority that signed Redis' own; none: the authorities that Node trusts.
   * MongoDB's stands in MONGODB_URI: `?tls=true&tlsCAFile=…`.
   */
  @IsOptional()
  @ValidateIf(({ REDIS_TLS }: PlatformConfig) => REDIS_TLS)
  @IsReadableFile()
  REDIS_TLS_CA: string | undefined = undefined;

  /**
   * How long what was read from MongoDB is kept in Redis at most, in seconds; 0: nothing is kept. It need not be short:
   * changes show at once. Longer takes more of Redis' memory, and lasts longer should Redis itself forget a change.
   */
  @IsInt()
  @Min(0)
  @Max(86_400)
  REDIS_CACHE_EXPIRATION: number = 300;

  /**
   * Seals who asks, on the way from the gateway to the services: the same value in every process. Whoever has it, and may
   * write to Redis, is whoever they like. To change it, see CALLER_SECRET_PREVIOUS.
   */
  @IsSecret()
  CALLER_SECRET: string = developmentSecret('CALLER_SECRET');

  /**
   * The former CALLER_SECRET, good as well while processes are restarted with the new one. Restart the gateway last: the
   * others must know the new key before it is used. A minute after that it can go.
   */
  @IsOptional()
  @IsSecret({ unlike: 'CALLER_SECRET' })
  CALLER_SECRET_PREVIOUS: string | undefined = undefined;

  /** How many requests one process of a service works on at once; what is beyond waits in the stream. */
  @IsInt()
  @Min(1)
  TRANSPORT_MAX_IN_FLIGHT: number = 256;

  /** After how many ms of silence a replica counts as dead and its messages are taken over. */
  @IsInt()
  @Min(500)
  TRANSPORT_LEASE_MS: number = 2_000;

  /**
   * Port of `/health/live` and `/health/ready` for a container's health check, and of `/metrics` for Prometheus; 0: none.
   * Never publish it; processes of one machine need one each.
   */
  @IsInt()
  @Min(0)
  @Max(65_535)
  INTERNAL_PORT: number = 0;

  /** On which address: of all interfaces, since Prometheus is another host. `127.0.0.1` keeps it to this machine. */
  @IsNotEmpty()
  INTERNAL_HOST: string = '0.0.0.0';

  /**
   * Where traces go: an OTLP collector by HTTP, such as `http://localhost:4318`; empty: nothing is traced, and nothing is
   * paid for it. OpenTelemetry's `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_RESOURCE_ATTRIBUTES` are read as well.
   */
  @IsOptional()
  @IsUrl({ require_tld: false, protocols: ['http', 'https'], require_protocol: true })
  OTEL_EXPORTER_OTLP_ENDPOINT: string | undefined = undefined;

  /** The share of requests that are traced, from 0 to 1. Who comes with a `traceparent` has decided it already. */
  @IsNumber()
  @Min(0)
  @Max(1)
  OTEL_TRACES_SAMPLER_ARG: number = 1;

  /** For this project's own tests, and refused elsewhere: a file that says where a process is to die, freeze or fail. */
  @ForTestsAlone()
  FAILPOINTS: string | undefined = undefined;

  /**
   * For this project's own tests, and refused elsewhere: `oversell`, `double-take`, `lost-order`, `double-capture` make it
   * wrong on purpose.
   */
  @ForTestsAlone()
  @IsOptional()
  @Matches(new RegExp(`^(${plantedFaults.join('|')})(,(${plantedFaults.join('|')}))*$`))
  FAULTS: string | undefined = undefined;
}
