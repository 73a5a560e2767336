import { isOptionalMail, type MailData, type MailKind } from '@suite/contracts';
import { accountLetters } from './account-letters';
import type { Shop, Writer } from './letter';
import { renderLetter, type MailText } from './mail-templates';
import { orderLetters } from './order-letters';
import { stockLetters } from './stock-letters';

const letters: { [Kind in MailKind]: Writer<MailData<Kind>> } = {
  ...accountLetters,
  ...orderLetters,
  ...stockLetters,
};

/** Where people choose which mails they get. */
export const preferencesUrl = (shop: Shop): string => `${shop.url}/mail-preferences`;

/** @param data as `mailKinds[kind]` says */
export function writeMail(kind: MailKind, data: object, shop: Shop): MailText {
  const write = letters[kind] as Writer<object>;
  return renderLetter(write(data, shop), shop, isOptionalMail(kind) ? preferencesUrl(shop) : undefined);
}
