import { Controller } from '@nestjs/common';
import { chatbot, type ChatMessage, type ChatReply } from '@suite/contracts';
import { Answers } from '@suite/platform';
import { RepliesService } from './replies.service';

@Controller()
export class ChatbotController {
  constructor(private readonly replies: RepliesService) {}

  @Answers(chatbot.reply)
  reply(message: ChatMessage): Promise<ChatReply> {
    return this.replies.reply(message);
  }
}
