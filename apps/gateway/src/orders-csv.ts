import { stringify, type Options } from 'csv-stringify/sync';
import type { ExportedOrder } from '@suite/contracts';
import { toDecimal } from './money';

/** The columns, in their order, and what stands in them: one value a cell. */
const columns: Record<string, (order: ExportedOrder) => string | number | undefined> = {
  id: ({ id }) => id,
  number: ({ number }) => number,
  createdAt: ({ createdAt }) => createdAt,
  status: ({ status }) => status,
  tier: ({ tier }) => tier,
  userId: ({ userId }) => userId,
  email: ({ email }) => email,
  name: ({ name }) => name,
  items: ({ items }) => items,
  quantity: ({ quantity }) => quantity,
  total: ({ total }) => toDecimal(total).toFixed(2),
  currency: ({ currency }) => currency,
  paymentMethod: ({ paymentMethod }) => paymentMethod,
  paymentStatus: ({ paymentStatus }) => paymentStatus,
  street: ({ shippingAddress }) => shippingAddress?.street,
  city: ({ shippingAddress }) => shippingAddress?.city,
  state: ({ shippingAddress }) => shippingAddress?.state,
  zipCode: ({ shippingAddress }) => shippingAddress?.zipCode,
  country: ({ shippingAddress }) => shippingAddress?.country,
};

/**
 * RFC 4180. A cell that a spreadsheet would take for a formula begins with an apostrophe, which spreadsheets show as what
 * it is: text. The library asks for quotes at its own line ends only, and knows no formula behind a line feed.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const options: Options = {
  record_delimiter: '\r\n',
  escape_formulas: true,
  quoted_match: /[\r\n]/,
  cast: { string: (text) => (text.startsWith('\n') ? `'${text}` : text) },
};

export const csvHeader = (): string => stringify([Object.keys(columns)], options);

export const csvRows = (orders: ExportedOrder[]): string =>
  stringify(
    orders.map((order) => Object.values(columns).map((valueIn) => valueIn(order))),
    options,
  );
