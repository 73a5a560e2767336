import type { PaymentAccess } from '@suite/contracts';

/** What leaves of it, and only what is there. */
export const accessView = ({ clientSecret, paymentUrl, expiresAt }: PaymentAccess): PaymentAccess => ({
  ...(clientSecret !== undefined && { clientSecret }),
  ...(paymentUrl !== undefined && { paymentUrl }),
  ...(expiresAt !== undefined && { expiresAt }),
});
