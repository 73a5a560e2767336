import { OmitType } from '@nestjs/swagger';
import { IsListOf, IsPart, MAX_MAILS_OF_ORDER, OrderStory, type MailSummary } from '@suite/contracts';
import { deadLetterView, DeadLetterView } from './dead-letter.view';
import { MailView, mailView } from './mail.view';
import { OrderView, orderView } from './order.view';

export class StoryView extends OmitType(OrderStory, ['order', 'letters']) {
  @IsPart(OrderView)
  order: OrderView;

  @IsListOf(DeadLetterView, 0, 100)
  letters: DeadLetterView[];

  @IsListOf(MailView, 0, MAX_MAILS_OF_ORDER)
  mails: MailView[];
}

export const storyView = (story: OrderStory, mails: MailSummary[]): StoryView => ({
  order: orderView(story.order),
  requestId: story.requestId,
  claims: story.claims,
  crashes: story.crashes,
  replays: story.replays,
  ...(story.promotedAt !== undefined && { promotedAt: story.promotedAt }),
  letters: story.letters.map(deadLetterView),
  mails: mails.map(mailView),
});
