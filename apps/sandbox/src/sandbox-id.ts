import { randomBytes } from 'node:crypto';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const draw = (letters: string, length: number): string =>
  Array.from(randomBytes(length), (byte) => letters[byte % letters.length]).join('');

/** Like `pi_3Qd1...`: a word for its kind and letters and digits by chance. */
export const stripeId = (kind: string): string => `${kind}_${draw(LETTERS, 24)}`;

/** Like `5O190127TN364715T`. */
export const paypalId = (): string => draw('ABCDEFGHJKLMNPQRSTUVWXYZ0123456789', 17);
