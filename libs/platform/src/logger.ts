import { join } from 'node:path';
import type { LoggerService } from '@nestjs/common';
import { WinstonModule, utilities } from 'nest-winston';
import { format, transports, type Logform } from 'winston';
import { currentContext } from './context';
import { redact } from './redact';
import type { PlatformConfig } from './platform.config';

/** Every line carries the request it belongs to, so that one order can be followed through all processes. */
const withRequest = format((line) => {
  const context = currentContext();
  if (context) {
    line.requestId ??= context.requestId;
    if (context.caller) line.userId ??= context.caller.userId;
  }
  return line;
});

const withoutSecrets = format((line) => redact(line) as Logform.TransformableInfo);

/**
 * Readable lines on a terminal in development, JSON otherwise; the files are always JSON. Several processes append to
 * the same files, which is safe line by line; rotate them from outside (logrotate with `copytruncate`).
 */
export function createLogger(service: string, settings: PlatformConfig): LoggerService {
  const common = format.combine(format.timestamp(), format.errors({ stack: true }), withRequest(), withoutSecrets());
  const json = format.combine(common, format.json());
  const readable = format.combine(common, format.ms(), utilities.format.nestLike(service, { prettyPrint: true }));
  const file = (name: string, level?: string) =>
    new transports.File({ filename: join(settings.LOG_DIR, name), level, format: json });

  return WinstonModule.createLogger({
    level: settings.LOG_LEVEL,
    defaultMeta: { service, pid: process.pid },
    transports: [
      new transports.Console({
        level: settings.LOG_CONSOLE_LEVEL,
        format: settings.NODE_ENV === 'development' ? readable : json,
      }),
      ...(settings.LOG_DIR === 'none' ? [] : [file('combined.log'), file('error.log', 'error')]),
    ],
  });
}
