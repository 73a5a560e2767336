import { setTimeout as pause } from 'node:timers/promises';
import { Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { chunksOf, completionOf, type ModelRequest, type Turn } from './model-protocol';
import { ModelService, type Manner } from './model.service';

/** Between two chunks, in ms: so that words come one after the other, as they do from a model. */
const CHUNK_MS = 5;

/** A scripted model that speaks OpenRouter's protocol: https://openrouter.ai/docs/api-reference/chat-completion */
@Controller('openrouter/v1/chat')
export class ModelController {
  constructor(private readonly model: ModelService) {}

  @Post('completions')
  async complete(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    const asked = request.body as ModelRequest;
    const manner = this.model.ask(asked);
    if (!key || manner === 'refuse') return fail(reply, 401, `Incorrect API key provided: ${key ?? 'none'}`);
    if (!Array.isArray(asked?.messages)) return fail(reply, 400, 'messages is required');
    if (manner === 'fail') return fail(reply, 500, 'Internal Server Error');
    if (manner === 'garbage') return void (await reply.type('text/html').send('<html>It works!</html>'));
    if (manner === 'hang') return void reply.hijack();
    const turn = this.model.turn(manner, asked);
    if (asked.stream) await stream(reply, asked, turn, manner);
    else await reply.send(completionOf(asked, turn));
  }
}

function fail(reply: FastifyReply, code: number, message: string): void {
  void reply.code(code).send({ error: { code, message } });
}

async function stream(reply: FastifyReply, asked: ModelRequest, turn: Turn, manner: Manner): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  // As OpenRouter does while it waits for a provider.
  raw.write(': OPENROUTER PROCESSING\n\n');
  const chunks = chunksOf(asked, turn);
  for (const chunk of manner === 'stall' ? chunks.slice(0, 3) : chunks) {
    if (raw.destroyed) return;
    raw.write(`data: ${JSON.stringify(chunk)}\n\n`);
    await pause(CHUNK_MS);
  }
  if (manner !== 'stall') raw.end('data: [DONE]\n\n');
}
