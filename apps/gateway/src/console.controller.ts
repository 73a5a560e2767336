import { Controller, Get, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '@suite/contracts';
import { Roles } from './access';
import { ConsoleFiles, type ConsoleFile } from './console-files';
import { LoginPageFilter } from './login-page.filter';

/** The console: a page for admins, and its files, which nobody else gets either. */
@ApiExcludeController()
@Controller('admin')
@Roles('admin')
@SkipThrottle({ default: true, auth: true })
@UseFilters(LoginPageFilter)
export class ConsoleController {
  constructor(private readonly files: ConsoleFiles) {}

  @Get()
  page(@Res() reply: FastifyReply): void {
    reply
      .header('content-security-policy', this.files.policy)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .send(this.files.page);
  }

  @Get('console/:name')
  own(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(request, reply, this.files.ownFile(nameOf(request)));
  }

  @Get('vendor/:name')
  library(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    send(request, reply, this.files.library(nameOf(request)));
  }
}

const nameOf = ({ params }: FastifyRequest): string => (params as { name: string }).name;

/** Kept by browsers, but asked for each time: whoever is no admin any more does not get it again. */
function send({ headers }: FastifyRequest, reply: FastifyReply, file?: ConsoleFile): void {
  if (!file) throw new Problem('NOT_FOUND');
  reply.header('etag', file.etag).header('cache-control', 'private, no-cache').header('vary', 'accept-encoding');
  if (headers['if-none-match'] === file.etag) return void reply.code(304).send();
  const small = /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''));
  if (small) reply.header('content-encoding', 'gzip');
  reply.type(file.type).send(small ? file.gzip : file.plain);
}
