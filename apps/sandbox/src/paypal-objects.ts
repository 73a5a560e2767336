/**
 * PayPal's objects, as far as clients of ours read them (https://developer.paypal.com/docs/api/orders/v2/). Amounts are
 * decimals in strings.
 */
export interface Money {
  currency_code: string;
  value: string;
}

export interface Link {
  href: string;
  rel: string;
  method: string;
}

export interface PaypalCapture {
  id: string;
  status: 'COMPLETED' | 'PENDING' | 'DECLINED' | 'REFUNDED' | 'PARTIALLY_REFUNDED';
  amount: Money;
  custom_id?: string;
  final_capture: true;
  supplementary_data: { related_ids: { order_id: string } };
  links: Link[];
  create_time: string;
}

export interface PaypalRefund {
  id: string;
  status: 'COMPLETED';
  amount: Money;
  invoice_id?: string;
  custom_id?: string;
  links: Link[];
  create_time: string;
}

export interface PaypalOrder {
  id: string;
  intent: 'CAPTURE';
  status: 'PAYER_ACTION_REQUIRED' | 'APPROVED' | 'COMPLETED';
  purchase_units: [
    {
      reference_id: string;
      custom_id?: string;
      amount: Money;
      payments?: { captures: PaypalCapture[]; refunds: PaypalRefund[] };
    },
  ];
  links: Link[];
  create_time: string;
}

/** What the payer chose on the page; the shop learns it when it captures. */
export type Wallet = 'good' | 'declined' | 'refused later';

/** An order, and what only PayPal knows of it. */
export interface PaypalCase {
  order: PaypalOrder;
  wallet: Wallet;
  returnUrl: string;
  cancelUrl: string;
}

export const minorUnitsOf = ({ value }: Money): number => Math.round(Number(value) * 100);

export const moneyOf = (minorUnits: number, currency: string): Money => ({
  currency_code: currency,
  value: (minorUnits / 100).toFixed(2),
});
