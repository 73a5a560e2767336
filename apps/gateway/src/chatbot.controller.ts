import { Body, Controller, Headers, Post, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { chatbot } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Public } from './access';
import { pathOf } from './answer';
import { ChatBody, ChatReplyView, chatReplyView } from './chat.view';
import { Described } from './described';
import { ReplyEventsService } from './reply-events.service';

const EVENTS = 'text/event-stream';

@ApiTags('Chatbot')
@Controller('chatbot')
export class ChatbotController {
  constructor(
    private readonly bus: Bus,
    private readonly events: ReplyEventsService,
  ) {}

  @Post()
  @Public()
  @Described({
    summary: 'Ask the assistant',
    description:
      'About one’s own orders, products, and what the shop does about cancellation, delivery, payment and returns. ' +
      'Signed in, it remembers the session’s last messages for a while; a stranger sends the `conversationId` of the ' +
      'last answer. With `Accept: text/event-stream` the words come as they are written (events `reply.words`, ' +
      '`{ text }`), then the whole as `reply`, or a `problem`. A reply is plain text: escape it where you show it.',
    bare: ChatReplyView,
    stream: true,
    examples: {
      'one’s own order': { message: 'Where is my last order?' },
      'a product': { message: 'Is there any tea in stock?' },
    },
  })
  async reply(
    @Body() body: ChatBody,
    @Headers('accept') accept: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ChatReplyView | StreamableFile> {
    const message = { ...body, address: request.ip.slice(0, 100) };
    reply.header('vary', 'Accept').header('cache-control', 'no-store');
    if (!accept?.includes(EVENTS)) return chatReplyView(await this.bus.ask(chatbot.reply, message));
    const events = await this.events.open(message, pathOf(request.url));
    // Nginx would gather them first.
    reply.header('x-accel-buffering', 'no');
    return new StreamableFile(events, { type: `${EVENTS}; charset=utf-8` });
  }
}
