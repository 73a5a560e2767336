import { readFileSync } from 'node:fs';
import { SettingsError } from '@suite/platform';
import { z } from 'zod';

const policy = z.string().trim().min(1).max(2_000);

const Policies = z.strictObject({ cancellation: policy, delivery: policy, payment: policy, returns: policy });

/** What the shop promises about these, in words for customers. */
export type Policies = z.infer<typeof Policies>;

/** What is true of every shop that runs this suite, and no more: terms and periods are the shop's own to say. */
const defaults: Policies = {
  cancellation:
    'An order can be cancelled until it is shipped: open it among your orders and cancel it there. What it had taken ' +
    'goes back on sale, and what was paid online is paid back.',
  delivery:
    'What you order is sent once the order is confirmed. You get a mail when it is on its way, with the tracking number ' +
    'where there is one, and you can follow it among your orders.',
  payment:
    'You can pay cash on delivery, and by card or PayPal where they are offered. Nothing is charged online before the ' +
    'goods are reserved for you.',
  returns:
    'If you want to return something, write to us with the number of the order. What is paid back to you shows in the ' +
    'order, and you get a mail about it.',
};

/** What provides them. */
export const POLICIES = Symbol('policies');

/** @throws SettingsError for a file that cannot be read, is no JSON, or says something else than policies. */
export function readPolicies(file: string | undefined): Policies {
  if (file === undefined) return defaults;
  try {
    return { ...defaults, ...Policies.partial().parse(JSON.parse(readFileSync(file, 'utf8'))) };
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new SettingsError([`CHATBOT_POLICIES_FILE ${file}: ${why}`]);
  }
}
