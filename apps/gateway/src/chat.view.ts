import { PickType } from '@nestjs/swagger';
import { ChatMessage, ChatReply } from '@suite/contracts';

export class ChatBody extends PickType(ChatMessage, ['message', 'conversationId']) {}

export class ChatReplyView extends PickType(ChatReply, ['reply', 'conversationId']) {}

export const chatReplyView = ({ reply, conversationId }: ChatReply): ChatReplyView => ({
  reply,
  ...(conversationId !== undefined && { conversationId }),
});
