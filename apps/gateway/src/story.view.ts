import { OmitType } from '@nestjs/swagger';
import {
  IsListOf,
  IsPart,
  MailSummary,
  MAX_MAILS_OF_ORDER,
  OrderStory,
  type MailSummary as Mail,
} from '@suite/contracts';
import { deadLetterView, DeadLetterView } from './dead-letter.view';
import { OrderView, orderView } from './order.view';

export class StoryMailView extends MailSummary {}

export class StoryView extends OmitType(OrderStory, ['order', 'letters']) {
  @IsPart(OrderView)
  order: OrderView;

  @IsListOf(DeadLetterView, 0, 100)
  letters: DeadLetterView[];

  @IsListOf(StoryMailView, 0, MAX_MAILS_OF_ORDER)
  mails: StoryMailView[];
}

export const storyView = (story: OrderStory, mails: Mail[]): StoryView => ({
  order: orderView(story.order),
  requestId: story.requestId,
  claims: story.claims,
  crashes: story.crashes,
  replays: story.replays,
  ...(story.promotedAt !== undefined && { promotedAt: story.promotedAt }),
  letters: story.letters.map(deadLetterView),
  mails: mails.map(mailView),
});

const mailView = ({ id, kind, to, state, createdAt, endedAt }: Mail): StoryMailView => ({
  id,
  kind,
  to,
  state,
  createdAt,
  ...(endedAt !== undefined && { endedAt }),
});
