import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newPayment } from './new-payment';
import type { PaymentRecord } from './payment.schema';
import { PaymentsConfig } from './payments.config';
import { sightOrder, type PaypalRefund } from './paypal-sightings';
import { PaypalProvider } from './paypal.provider';
import { learn } from './sighting';

const at = new Date('2026-05-04T12:00:00Z');
const ORDER = { ...{ orderId: '0'.repeat(24), userId: '1'.repeat(24), epoch: 0, number: 'A7K2' }, amount: 100 };
const usd = { currency_code: 'USD', value: '1.00' };
const refund = { key: 'k', captureId: 'C1', amount: 100, state: 'requested', attempted: true, at } as const;
const paid: PaymentRecord = {
  ...newPayment({
    ...ORDER,
    ...{ method: 'PAYPAL', flow: 'REGULAR', currency: 'USD', lines: [], expiresAt: at.toISOString() },
  }),
  reference: 'O1',
  captures: [{ id: 'C1', amount: 100, currency: 'USD', at }],
  refunds: [refund],
};
const refundIn = (status: string): PaypalRefund => ({
  ...{ id: 'R1', status, amount: usd, invoice_id: 'k' },
  links: [{ rel: 'up', href: 'https://paypal.example/v2/payments/captures/C1' }],
});
const orderWith = (made: PaypalRefund) => ({
  ...{ id: 'O1', status: 'COMPLETED' },
  purchase_units: [{ payments: { captures: [{ id: 'C1', status: 'COMPLETED', amount: usd }], refunds: [made] } }],
});

describe.each(['FAILED', 'CANCELLED'])('a refund that PayPal calls %s', (status) => {
  it('has paid nothing out, whether it was ours or not', () => {
    const seen = sightOrder(orderWith(refundIn(status)));
    expect(learn(paid, seen, at)).toBeUndefined();
    expect(learn({ ...paid, refunds: [] }, seen, at)).toBeUndefined();
  });

  it('is refused when it is asked for', async () => {
    await expect(answered(refundIn(status))).rejects.toMatchObject({
      name: 'ProviderRefusal',
      code: `REFUND_${status}`,
    });
  });
});

it.each(['COMPLETED', 'PENDING'])('a refund that PayPal calls %s is on its way', async (status) => {
  const done = { refunds: [{ ...refund, state: 'done', reference: 'R1' }] };
  expect(learn(paid, sightOrder(orderWith(refundIn(status))), at)).toEqual(done);
  expect(learn(paid, await answered(refundIn(status)), at)).toEqual(done);
});

/** What comes of asking a PayPal that answers so: the sandbox pays every refund out. */
async function answered(made: PaypalRefund) {
  const server = await listening(made);
  const { port } = server.address() as AddressInfo;
  const settings = { PAYPAL_CLIENT_ID: 'id', PAYPAL_API_URL: `http://127.0.0.1:${port}` };
  try {
    return await new PaypalProvider(Object.assign(new PaymentsConfig(), settings)).refund(paid, refund);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function listening(made: PaypalRefund): Promise<Server> {
  const server = createServer(({ url }, answer) =>
    answer
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(url === '/v1/oauth2/token' ? { access_token: 'token', expires_in: 3_600 } : made)),
  );
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
