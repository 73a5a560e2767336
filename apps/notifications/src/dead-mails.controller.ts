import { Controller } from '@nestjs/common';
import {
  notifications,
  type ById,
  type DeadMail,
  type DeadMailPage,
  type DeadMailQuery,
  type DiscardDeadLetter,
  type ReplayedMail,
  type ReplayedMails,
  type ReplayMails,
} from '@suite/contracts';
import { Answers } from '@suite/platform';
import { DeadMailDeskService } from './dead-mail-desk.service';

@Controller()
export class DeadMailsController {
  constructor(private readonly desk: DeadMailDeskService) {}

  @Answers(notifications.deadMails)
  list(query: DeadMailQuery): Promise<DeadMailPage> {
    return this.desk.list(query);
  }

  @Answers(notifications.deadMail)
  get(body: ById): Promise<DeadMail> {
    return this.desk.get(body);
  }

  @Answers(notifications.replayDeadMail)
  replay(body: ById): Promise<ReplayedMail> {
    return this.desk.replay(body);
  }

  @Answers(notifications.replayDeadMails)
  replayMany(body: ReplayMails): Promise<ReplayedMails> {
    return this.desk.replayMany(body);
  }

  @Answers(notifications.discardDeadMail)
  discard(body: DiscardDeadLetter): Promise<DeadMail> {
    return this.desk.discard(body);
  }
}
