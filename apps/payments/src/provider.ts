import type { OnlineMethod } from '@suite/contracts';
import type { PaymentRecord, RefundRecord } from './payment.schema';
import type { Sighting } from './sighting';

/** What a provider made of a payment that was opened. */
export interface Opened {
  reference: string;
  clientSecret?: string;
  paymentUrl?: string;
}

/** A webhook as it came in. */
export interface WebhookDelivery {
  /** Byte by byte. */
  body: Buffer;
  /** By their names in lower case. */
  headers: Record<string, string>;
}

/** One event of a provider. */
export interface ProviderEvent {
  id: string;
  type: string;
}

/** A payment as the provider's own books have it. */
export interface BookedPayment {
  /** As we have told the provider to remember it. */
  orderId?: string;
  /** The id of its capture. */
  captureId: string;
  captured: number;
  currency: string;
}

/**
 * What the suite asks of a payment provider. Every call that changes something carries a key of ours, the same one
 * however often it is repeated, so that it happens once.
 *
 * All throw `ProviderRefusal` for what would be refused again, and a Problem that is busy for weather; then the outcome
 * is unknown, and the same call may be made again.
 */
export interface PaymentProvider {
  readonly method: OnlineMethod;
  open(payment: PaymentRecord): Promise<Opened>;
  /** Everything the provider knows of it. */
  look(payment: PaymentRecord): Promise<Sighting>;
  /** Fetches money that the customer has agreed to. Providers that fetch it by themselves only look. */
  capture(payment: PaymentRecord): Promise<Sighting>;
  /** Makes it impossible to pay; says `voided`, or what was captured before. */
  void(payment: PaymentRecord): Promise<Sighting>;
  refund(payment: PaymentRecord, refund: RefundRecord): Promise<Sighting>;
  /** @throws Problem INVALID_SIGNATURE, or SERVICE_UNAVAILABLE when it cannot be verified just now. */
  verify(delivery: WebhookDelivery): Promise<ProviderEvent>;
  /** What an event says; undefined for events that say nothing to us. @param text the event as it came */
  read(text: string): Sighting | undefined;
  /** All that was paid since then, whether we know of it or not; absent where the provider keeps no list that is up to date. */
  booked?(since: Date): AsyncIterable<BookedPayment>;
}

/** A provider says no, and would say so again. The text is the provider's, for those who operate the shop. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';

  constructor(
    /** The provider's word for it: `card_declined`, `INSTRUMENT_DECLINED`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The part of every key of a payment that makes it another one after the payment was given back. */
export const keyOf = (payment: PaymentRecord, deed: string): string =>
  `${deed}-${String(payment._id)}-${payment.generation}`;
