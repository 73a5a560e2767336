import type { CaptureRecord, DeclineRecord, DisputeRecord, PaymentRecord, RefundRecord } from './payment.schema';

/** What a provider says of a payment, in a webhook or when it is asked. Everything in it has happened. */
export interface Sighting {
  /** The order, by what we have given the provider to remember. */
  orderId?: string;
  /** The provider's id of the payment, or of its capture. */
  reference?: string;
  approved?: boolean;
  captures?: Omit<CaptureRecord, 'at'>[];
  declines?: Omit<DeclineRecord, 'at'>[];
  refused?: string;
  /** Money is on its way, and may yet be refused: it must not be ended now. */
  pending?: boolean;
  voided?: boolean;
  refunds?: SeenRefund[];
  disputes?: Omit<DisputeRecord, 'at'>[];
  /** It does not say it all: ask. */
  lookWanted?: boolean;
}

export interface SeenRefund {
  reference: string;
  /** Ours, if it was made by us. */
  key?: string;
  amount: number;
  captureId: string;
}

/**
 * What changes by a sighting; undefined when it says nothing new. Everything is taken in by its id, so that it does not
 * matter how often and in which order it is seen.
 */
export function learn(payment: PaymentRecord, seen: Sighting, at: Date): Partial<PaymentRecord> | undefined {
  const captures = added(payment.captures, seen.captures, at);
  const declines = added(payment.declines, seen.declines, at);
  const disputes = added(payment.disputes, seen.disputes, at);
  const refunds = withRefunds(payment.refunds, seen.refunds ?? [], at);
  const changes: Partial<PaymentRecord> = {
    ...(captures && { captures }),
    ...(declines && { declines }),
    ...(disputes && { disputes }),
    ...(refunds && { refunds }),
    ...(seen.approved && !payment.approved && payment.captures.length === 0 && { approved: true }),
    ...(seen.refused !== undefined && payment.refused === undefined && { refused: seen.refused }),
    ...(seen.voided && !payment.voided && isAbout(payment, seen) && { voided: true }),
    ...(seen.lookWanted && { lookWanted: true }),
  };
  return Object.keys(changes).length > 0 ? changes : undefined;
}

/** What ended an older generation says nothing about this one. */
const isAbout = ({ reference }: PaymentRecord, seen: Sighting): boolean =>
  seen.reference === undefined || seen.reference === reference;

function added<T extends { id: string; at: Date }>(
  known: T[],
  seen: Omit<T, 'at'>[] | undefined,
  at: Date,
): T[] | undefined {
  const ids = new Set(known.map(({ id }) => id));
  const fresh = (seen ?? []).filter((one) => !ids.has((one as unknown as T).id)).map((one) => ({ ...one, at }) as T);
  return fresh.length > 0 ? [...known, ...fresh] : undefined;
}

/** A refund that was not made by us was made at the provider's own pages, and counts all the same. */
function withRefunds(known: RefundRecord[], seen: SeenRefund[], at: Date): RefundRecord[] | undefined {
  let refunds = known;
  for (const { reference, key, amount, captureId } of seen) {
    const place = refunds.findIndex((one) => (key !== undefined && one.key === key) || one.reference === reference);
    if (place < 0) {
      const foreign = { key: key ?? `seen-${reference}`, amount, captureId, attempted: true, reference, at };
      refunds = [...refunds, { ...foreign, state: 'done' }];
    } else if (refunds[place].state !== 'done') {
      refunds = refunds.with(place, { ...refunds[place], state: 'done', reference });
    }
  }
  return refunds === known ? undefined : refunds;
}
