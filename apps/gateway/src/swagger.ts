import { SwaggerModule } from '@nestjs/swagger';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { buildAsyncDocument } from './asyncapi';
import { LiveExamplesService } from './live-examples.service';
import { buildDocument } from './openapi';

/**
 * The document at `/api/docs-json`, and the page that reads it at `/api/docs`; both with live examples. What comes over
 * sockets is at `/api/docs-live`.
 */
export function serveSwagger(app: NestFastifyApplication): void {
  const examples = app.get(LiveExamplesService);
  // Built when somebody looks for the first time, not while the process starts.
  SwaggerModule.setup('api/docs', app, () => buildDocument(app), {
    raw: ['json'],
    customSiteTitle: 'Order suite API',
    swaggerOptions: { tryItOutEnabled: true, displayRequestDuration: true, docExpansion: 'list' },
    patchDocumentOnRequest: (request, _reply, document) => examples.fill(document, request as FastifyRequest),
  });
  const server = app.getHttpAdapter().getInstance();
  server.get('/api/docs-live', () => buildAsyncDocument(buildDocument(app)));
}
