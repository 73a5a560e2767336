import { IsListOf, IsPart, IsTime } from '@suite/contracts';
import { CartView } from './cart.view';
import { MailPreferencesView } from './mail-preferences.view';
import { MailView } from './mail.view';
import { OrderView } from './order.view';
import { SessionView, UserView } from './user.view';

/** What the shop keeps about somebody. */
export class ExportView {
  @IsTime()
  exportedAt: string;

  @IsPart(UserView)
  profile: UserView;

  @IsListOf(SessionView, 0, 1_000)
  sessions: SessionView[];

  @IsPart(CartView)
  cart: CartView;

  @IsPart(MailPreferencesView)
  mailPreferences: MailPreferencesView;

  @IsListOf(OrderView, 0, 1_000_000, { description: 'All, newest first' })
  orders: OrderView[];

  @IsListOf(MailView, 0, 1_000_000, { description: 'As long as they are kept, newest first' })
  mails: MailView[];
}
