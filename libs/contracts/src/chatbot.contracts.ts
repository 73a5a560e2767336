import { message } from './contract';
import { IsId, IsOneOf, IsText } from './fields';

export class ChatMessage {
  @IsText(1, 2_000, { example: 'Where is my last order?' })
  message: string;

  @IsId({
    optional: true,
    description: 'As the last answer had it: what was said before is remembered by it. Signed in, none is needed',
  })
  conversationId?: string;

  @IsText(1, 100, { optional: true, description: 'Where the message came from; counts where nobody is signed in' })
  address?: string;

  @IsText(1, 100, { optional: true, description: 'The live stream on which the words are said as they come' })
  stream?: string;

  @IsText(1, 100, { optional: true, description: 'By what they are recognised there' })
  draftId?: string;
}

/** Who has written a reply: the model, or the rules that stand in for it. */
export const chatAuthors = ['model', 'rules'] as const;
export type ChatAuthor = (typeof chatAuthors)[number];

export class ChatReply {
  @IsText(1, 4_000, { example: 'Your last order, 0NK4-7Q9X-M2PB, is confirmed.' })
  reply: string;

  @IsId({ optional: true, description: 'Only where nobody is signed in: send it with the next message' })
  conversationId?: string;

  @IsOneOf(chatAuthors)
  author: ChatAuthor;
}

/** Some words of a reply that is being written, on their way to whoever reads along. */
export interface DraftWords {
  draftId: string;
  text: string;
}

export const chatbot = {
  /**
   * Says something about the caller's own orders and the shop; nothing is changed by it, so that it may run again. The
   * model has seven seconds of the time, and what it leaves is enough for the rules.
   */
  reply: message('chatbot.reply', ChatMessage, ChatReply, { timeoutMs: 9_500, idempotent: true }),
};
