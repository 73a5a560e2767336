import type { TokenMail, WelcomeMail } from '@suite/contracts';
import { greet, type Writer } from './letter';

interface Words {
  subject: string;
  request: string;
  /** Of the shop's page that takes the token. */
  path: string;
  otherwise: string;
}

/** The address is not proven yet, or somebody else may have asked: nobody's name is in it. */
function tokenLetter({ subject, request, path, otherwise }: Words): Writer<TokenMail> {
  return ({ secret, expiresAt }, shop) => ({
    subject,
    lead: request,
    // Behind the #, so that the token reaches neither the logs of web servers nor the pages linked from there.
    link: { url: `${shop.url}/${path}#token=${encodeURIComponent(secret)}`, words: subject },
    code: secret,
    closing: [expiresAt && `It works once, until ${expiresAt.slice(0, 16).replace('T', ' ')} UTC.`, otherwise],
  });
}

const welcome: Writer<WelcomeMail> = ({ name }, shop) => ({
  subject: `Welcome to ${shop.name}`,
  greeting: greet(name),
  lead: 'Thank you for confirming your e-mail address. Your account is ready.',
  paragraphs: ['We write to you about your orders: that they are confirmed, on their way, and delivered.'],
  link: { url: shop.url, words: 'Look around' },
});

export const accountLetters = {
  'verify-email': tokenLetter({
    subject: 'Please confirm your e-mail address',
    request: 'Please confirm that this address is yours:',
    path: 'verify-email',
    otherwise: 'If you did not register, you need not do anything.',
  }),
  'reset-password': tokenLetter({
    subject: 'Set a new password',
    request: 'Somebody, you we hope, asked for a new password for this address:',
    path: 'reset-password',
    otherwise: 'If it was not you, you need not do anything; your password stays as it is.',
  }),
  welcome,
};
