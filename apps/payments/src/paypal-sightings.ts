import type { Sighting } from './sighting';

/** PayPal's objects, as far as they are read here: https://developer.paypal.com/docs/api/orders/v2/ */
export interface PaypalMoney {
  currency_code: string;
  value: string;
}

interface Link {
  href: string;
  rel: string;
}

interface PaypalCapture {
  id: string;
  status: string;
  amount: PaypalMoney;
  custom_id?: string;
}

export interface PaypalRefund {
  id: string;
  status: string;
  amount: PaypalMoney;
  /** Our key of it. */
  invoice_id?: string;
  links?: Link[];
}

export interface PaypalOrder {
  id: string;
  status: string;
  purchase_units?: {
    custom_id?: string;
    payments?: { captures?: PaypalCapture[]; refunds?: PaypalRefund[] };
  }[];
  links?: Link[];
}

interface PaypalEvent {
  event_type: string;
  resource: unknown;
}

/** In these the money has come in, whatever went back since. */
const CAPTURED = ['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'];
/** Of a refund: nothing goes back, however the order lists it. */
const UNPAID = ['FAILED', 'CANCELLED'];
const DENIED = 'The bank refused the payment';

const minorUnitsOf = ({ value }: PaypalMoney): number => Math.round(Number(value) * 100);

export const linkTo = (links: Link[] | undefined, ...rels: string[]): string | undefined =>
  links?.find(({ rel }) => rels.includes(rel))?.href;

export function sightOrder({ id, status, purchase_units: units = [] }: PaypalOrder): Sighting {
  const captures = units.flatMap(({ payments }) => payments?.captures ?? []);
  const refunds = units.flatMap(({ payments }) => payments?.refunds ?? []);
  return {
    orderId: units[0]?.custom_id,
    reference: id,
    ...(status === 'APPROVED' && { approved: true }),
    ...sightCaptures(captures),
    refunds: refunds.filter((refund) => !isUnpaid(refund)).map((refund) => sightRefund(refund)),
  };
}

function sightCaptures(captures: PaypalCapture[]): Sighting {
  const came = captures.filter(({ status }) => CAPTURED.includes(status));
  const refused = captures.some(({ status }) => status === 'DECLINED' || status === 'FAILED');
  return {
    captures: came.map(({ id, amount }) => ({ id, amount: minorUnitsOf(amount), currency: amount.currency_code })),
    ...(refused && came.length === 0 && { refused: DENIED }),
    ...(captures.some(({ status }) => status === 'PENDING') && { pending: true }),
  };
}

export const isUnpaid = ({ status }: PaypalRefund): boolean => UNPAID.includes(status);

export const sightRefund = ({ id, amount, invoice_id: key, links }: PaypalRefund) => ({
  reference: id,
  key,
  amount: minorUnitsOf(amount),
  captureId: linkTo(links, 'up')?.split('/').at(-1) ?? '',
});

/** Undefined for events that say nothing to us. */
export function readPaypalEvent({ event_type: type, resource }: PaypalEvent): Sighting | undefined {
  switch (type) {
    case 'CHECKOUT.ORDER.APPROVED':
      return sightOrder({ ...(resource as PaypalOrder), status: 'APPROVED' });
    case 'PAYMENT.CAPTURE.COMPLETED': {
      const capture = resource as PaypalCapture;
      return { orderId: capture.custom_id, ...sightCaptures([{ ...capture, status: 'COMPLETED' }]) };
    }
    case 'PAYMENT.CAPTURE.DENIED':
      return { orderId: (resource as PaypalCapture).custom_id, refused: DENIED };
    case 'PAYMENT.CAPTURE.REFUNDED': {
      const refund = sightRefund(resource as PaypalRefund);
      return { reference: refund.captureId, refunds: [refund] };
    }
    default:
      return undefined;
  }
}
