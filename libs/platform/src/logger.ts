import { join } from 'node:path';
import { styleText } from 'node:util';
import type { LoggerService } from '@nestjs/common';
import { WinstonModule } from 'nest-winston';
import { format, transports, type Logform } from 'winston';
import { currentContext } from './context';
import { redact } from './redact';
import type { PlatformConfig } from './platform.config';
import { traceIdOf } from './tracing';

/** Every line carries the request it belongs to, so that one order can be followed through all processes. */
const withRequest = format((line) => {
  const context = currentContext();
  if (context) {
    line.requestId ??= context.requestId;
    if (context.caller) line.userId ??= context.caller.userId;
    line.traceId ??= traceIdOf(context);
  }
  return line;
});

/** nest-winston puts the stack into a list, empty or not, and the error itself beside it. */
const withPlainStack = format((line) => {
  if (Array.isArray(line.stack)) line.stack = (line.stack as unknown[]).find(Boolean);
  if (line.error instanceof Error) delete line.error;
  return line;
});

const withoutSecrets = format((line) => redact(line, { personal: true }) as Logform.TransformableInfo);

const colors = { error: 'red', warn: 'yellow', info: 'green', debug: 'gray' } as const;

/** `12:04:31.507 WARN  [stock RedisLink] Redis is away` */
const readable = format.printf((line) => {
  const {
    level,
    message,
    timestamp,
    service,
    pid: _pid,
    context,
    requestId,
    traceId: _traceId,
    stack,
    ...rest
  } = line as unknown as Line;
  const word = level.toUpperCase().padEnd(5);
  const color = process.stdout.isTTY ? styleText(colors[level], word) : word;
  const source = context && context !== service ? `${service} ${context}` : service;
  const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  const request = requestId ? ` (${requestId})` : '';
  const text = oneLine(`${message}${more}${request}`);
  return `${timestamp.slice(11, 23)} ${color} [${source}] ${text}${stack ? `\n${indented(stack)}` : ''}`;
});

/**
 * Nothing that somebody else wrote can look like a line of its own, or colour the screen of whoever reads. (In JSON it
 * cannot anyway.)
 */
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;
const oneLine = (text: string): string =>
  text.replace(CONTROL, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
/** Its first line repeats the message; the others are indented, as no line of the log is. */
const indented = (stack: string): string => stack.split('\n').map(oneLine).join('\n    ');

interface Line {
  level: keyof typeof colors;
  message: string;
  timestamp: string;
  service: string;
  pid: number;
  context?: string;
  requestId?: string;
  traceId?: string;
  stack?: string;
}

/** Nest's account of what it puts together at each start: dozens of lines that nobody reads. */
const ASSEMBLY = new Set(['InstanceLoader', 'RoutesResolver', 'RouterExplorer']);

/**
 * Readable lines in development, JSON otherwise; the files are always JSON. Several processes append to the same files,
 * which is safe line by line; rotate them from outside (logrotate with `copytruncate`).
 */
export function createLogger(service: string, settings: PlatformConfig): LoggerService {
  const file = (name: string, level?: string) =>
    new transports.File({ filename: join(settings.LOG_DIR, name), level, format: format.json() });
  const logger = WinstonModule.createLogger({
    level: settings.LOG_LEVEL,
    defaultMeta: { service, pid: process.pid },
    format: format.combine(format.timestamp(), withRequest(), withPlainStack(), withoutSecrets()),
    transports: [
      new transports.Console({
        level: settings.LOG_CONSOLE_LEVEL,
        format: settings.NODE_ENV === 'development' ? readable : format.json(),
      }),
      ...(settings.LOG_DIR === 'none' ? [] : [file('combined.log'), file('error.log', 'error')]),
    ],
  });
  const debugging = settings.LOG_LEVEL === 'debug';
  return {
    log: (message: unknown, ...rest: unknown[]) =>
      !debugging && ASSEMBLY.has(rest.at(-1) as string) ? undefined : void logger.log(message, ...rest),
    warn: (message: unknown, ...rest: unknown[]) => void logger.warn(message, ...rest),
    error: (message: unknown, ...rest: unknown[]) => void logger.error(message, ...rest),
    // Winston has no such level, and Nest leaves the stack out where there is none.
    fatal: (message: unknown, ...rest: unknown[]) =>
      void logger.error(message, ...(rest.length > 1 ? rest : [undefined, ...rest])),
    // Not there at all unless wanted: the transport says a line about each message, and nobody should pay for silence.
    ...(debugging && { debug: (message: unknown, ...rest: unknown[]) => void logger.debug?.(message, ...rest) }),
  };
}
