import { randomUUID } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { chatbot, Problem, type ChatMessage } from '@suite/contracts';
import { Bus, currentContext, traceIdOf } from '@suite/platform';
import { chatReplyView } from './chat.view';
import { DraftsService } from './drafts.service';
import { problemView } from './problem.view';

/** A reply as server-sent events: its words while it is being written, and then the whole of it, which is what counts. */
@Injectable()
export class ReplyEventsService {
  constructor(
    private readonly bus: Bus,
    private readonly drafts: DraftsService,
  ) {}

  /**
   * Resolves when there is something to show.
   * @throws Problem what goes wrong before that; later it is an event, since the answer has begun.
   */
  async open(message: ChatMessage, path: string): Promise<Readable> {
    const context = currentContext()!;
    const events = new PassThrough();
    const say = (name: string, data: object) => events.destroyed || events.write(eventText(name, data));
    const draftId = randomUUID();
    const begun = new Promise<void>((resolve) => {
      const leave = this.drafts.listen(draftId, (text) => (say('reply.words', { text }), resolve()));
      events.once('close', leave);
    });
    const reply = this.bus.ask(chatbot.reply, { ...message, stream: this.drafts.stream, draftId });
    void reply
      .then(
        (whole) => say('reply', chatReplyView(whole)),
        (error) => say('problem', problemView(Problem.from(error), path, context.requestId, traceIdOf(context))),
      )
      .finally(() => events.end());
    await Promise.race([begun, reply]);
    return events;
  }
}

/** JSON has no line breaks of its own, so one `data` line will do. */
const eventText = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
