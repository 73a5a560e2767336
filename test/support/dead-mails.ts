import { newCustomer, newProduct, placeOrder, theAdmin, unique, type Customer } from './builders';
import { eventually } from './eventually';
import { refuseMailsTo } from './mailbox';
import type { DeadMailView, OrderView } from './views';

/** A customer to whom the mail server delivers nothing just now, and the dead letter of the mail about their order. */
export async function deadMail(): Promise<{ jo: Customer; order: OrderView; letter: DeadMailView }> {
  const email = `refused-${unique()}@example.com`;
  await refuseMailsTo(email);
  try {
    const jo = await newCustomer({ email });
    const order = await placeOrder(jo, await newProduct());
    return { jo, order, letter: await openLetterOf(order) };
  } finally {
    await refuseMailsTo();
  }
}

/** The open letter of a mail about this order. */
export const openLetterOf = ({ id: orderId, number }: OrderView): Promise<DeadMailView> =>
  eventually(
    async () => {
      const { data } = await (await theAdmin()).get<DeadMailView[]>('/admin/mails/dlq?kind=order-confirmed&limit=100');
      const letter = data.find(({ key }) => key.startsWith(`${orderId}.`));
      if (!letter) throw new Error(`no mail about order ${number} was given up`);
      return letter;
    },
    { timeoutMs: 20_000 },
  );
