import { Controller } from '@nestjs/common';
import { auth, type SessionEnded } from '@suite/contracts';
import { Hears } from '@suite/platform';
import { ConversationsService } from './conversations.service';

/** What was said in a session ends with it. */
@Controller()
export class AuthEventsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Hears(auth.sessionEnded)
  sessionEnded({ sessionId }: SessionEnded): Promise<void> {
    return this.conversations.forget(sessionId);
  }
}
