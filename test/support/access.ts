import type { Refusal } from './refusals';

/** Whose answers a route gives, in the columns of the matrix. */
export const people = ['anonymous', 'owner', 'vip', 'other', 'admin'] as const;
export type Person = (typeof people)[number];

/** What somebody gets: let in (whatever then is wrong with the request), or refused as strangers are. */
export type Welcome = 'in' | Refusal;
export type Access = Record<Person, Welcome> & {
  /** Whose path parameter is something of the owner's: which. Elsewhere it is an id that nothing has. */
  belonging?: Belonging;
  /** Has one path, and none below `/api`. */
  onePath?: true;
};
/** What the owner has and others do not. */
export type Belonging = 'order' | 'session';

const shut: Refusal = '401 UNAUTHORIZED';

const anyone: Access = { anonymous: 'in', owner: 'in', vip: 'in', other: 'in', admin: 'in' };
/** About their own things: what is somebody else's is not among them. */
const signedIn: Access = { ...anyone, anonymous: shut };
const no: Refusal = '403 FORBIDDEN';
const admins: Access = { anonymous: shut, owner: no, vip: no, other: no, admin: 'in' };
/** To others it is not there. */
const owner = (belonging: Belonging, hidden: Refusal): Access => ({
  ...signedIn,
  vip: hidden,
  other: hidden,
  admin: hidden,
  belonging,
});
const ownerOrAdmin = (belonging: Belonging, hidden: Refusal): Access => ({
  ...owner(belonging, hidden),
  admin: 'in',
});
const onePath = (access: Access): Access => ({ ...access, onePath: true });

/**
 * Who may call what: one line for each route of the documents. A new route needs its line here; `access.spec.ts` says
 * which is missing, and tries every line with everybody.
 */
export const access: Record<string, Access> = {
  'POST /auth/register': anyone,
  'POST /auth/login': anyone,
  'POST /auth/refresh': anyone,
  'POST /auth/logout': signedIn,
  'GET /auth/profile': signedIn,
  'PATCH /auth/profile': signedIn,
  'DELETE /auth/profile': signedIn,
  'GET /auth/profile/export': signedIn,
  'POST /auth/password': signedIn,
  'POST /auth/password/forgot': anyone,
  'POST /auth/password/reset': anyone,
  'POST /auth/email/verify': anyone,
  'GET /auth/sessions': signedIn,
  'DELETE /auth/sessions/{id}': owner('session', '404 SESSION_NOT_FOUND'),

  'GET /users/me/mail-preferences': signedIn,
  'PATCH /users/me/mail-preferences': signedIn,

  'GET /users': admins,
  'GET /users/{id}': admins,
  'PATCH /users/{id}': admins,
  'DELETE /users/{id}': admins,

  'GET /products': anyone,
  'POST /products': admins,
  'GET /products/categories': anyone,
  'POST /products/import': admins,
  'GET /products/{id}': anyone,
  'PATCH /products/{id}': admins,
  'DELETE /products/{id}': admins,
  'POST /products/{id}/restore': admins,
  'GET /stock/products-with-stock': anyone,
  'GET /stock/products-with-stock/{id}': anyone,
  'GET /stock/low': admins,
  'POST /stock/{stockId}/receipts': admins,
  'POST /stock/{stockId}/adjustments': admins,
  'GET /stock/{stockId}/movements': admins,

  'GET /cart': signedIn,
  'DELETE /cart': signedIn,
  'POST /cart/items': signedIn,
  'PATCH /cart/items/{stockId}': signedIn,
  'DELETE /cart/items/{stockId}': signedIn,
  'POST /cart/checkout': signedIn,

  'GET /orders': signedIn,
  'POST /orders': signedIn,
  'GET /orders/{id}': ownerOrAdmin('order', '404 ORDER_NOT_FOUND'),
  'GET /orders/{id}/events': ownerOrAdmin('order', '404 ORDER_NOT_FOUND'),
  'GET /orders/{id}/payment': owner('order', '404 ORDER_NOT_FOUND'),
  'POST /orders/{id}/cancel': owner('order', '404 ORDER_NOT_FOUND'),

  'GET /admin/orders': admins,
  'GET /admin/orders/export.csv': admins,
  'GET /admin/orders/by-number/{number}': admins,
  'GET /admin/analytics/summary': admins,
  'GET /admin/analytics/timeseries': admins,
  'GET /admin/analytics/top-products': admins,
  'GET /admin/analytics/recent-orders': admins,
  'PATCH /admin/orders/{id}/status': admins,
  'POST /admin/orders/{id}/notes': admins,
  'POST /admin/orders/{id}/refund': admins,

  'POST /chatbot': anyone,
  'POST /payments/webhook/stripe': anyone,
  'POST /payments/webhook/paypal': anyone,
  'GET /admin/webhooks': admins,
  'POST /admin/webhooks/{id}/replay': admins,

  'GET /admin/dlq': admins,
  'GET /admin/dlq/reasons': admins,
  'GET /admin/dlq/{id}': admins,
  'POST /admin/dlq/{id}/replay': admins,
  'POST /admin/dlq/replay': admins,
  'DELETE /admin/dlq/{id}': admins,
  'GET /admin/mails/dlq': admins,
  'GET /admin/mails/dlq/{id}': admins,
  'POST /admin/mails/dlq/{id}/replay': admins,
  'POST /admin/mails/dlq/replay': admins,
  'DELETE /admin/mails/dlq/{id}': admins,
  'GET /admin/dlq/{id}/dry-run': admins,
  'GET /admin/audit': admins,
  'GET /admin/flow': admins,
  'GET /admin/operations': admins,
  'GET /admin/orders/{id}/story': { ...admins, belonging: 'order' },
  'GET /admin/demo': admins,
  'POST /admin/demo': admins,
  'DELETE /admin/demo': admins,

  'GET /problems': anyone,
  'GET /problems/{name}': anyone,
  'GET /health': onePath(anyone),
  'GET /health/live': onePath(anyone),
  'GET /health/ready': onePath(anyone),
};
