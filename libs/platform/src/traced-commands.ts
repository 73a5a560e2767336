import type { Span } from '@opentelemetry/api';
import type { mongo } from 'mongoose';
import { currentContext } from './context';
import { tracing } from './tracing';

/**
 * Each command to MongoDB as a span of what it is done for, by the driver's own monitoring (the connection has to be
 * opened with `monitorCommands`). What nobody asked for, such as heartbeats and sweeps, is in no trace. Neither are
 * filters and documents: they name people.
 */
export function traceCommands(client: mongo.MongoClient): void {
  const spans = new Map<number, Span>();
  client.on('commandStarted', ({ requestId, commandName, databaseName, command }) => {
    const collection: unknown = command[commandName];
    const attributes = {
      'db.system.name': 'mongodb',
      'db.namespace': databaseName,
      'db.operation.name': commandName,
      ...(typeof collection === 'string' && { 'db.collection.name': collection }),
    };
    const name = typeof collection === 'string' ? `${commandName} ${collection}` : commandName;
    const span = tracing?.begin(name, { role: 'client', attributes }, currentContext() ?? {});
    if (span) spans.set(requestId, span);
  });
  const ended = ({ requestId }: { requestId: number }, failure?: Error) => {
    const span = spans.get(requestId);
    if (!span) return;
    spans.delete(requestId);
    tracing!.end(span, failure);
  };
  client.on('commandSucceeded', (event) => ended(event));
  client.on('commandFailed', (event) => ended(event, event.failure));
}
