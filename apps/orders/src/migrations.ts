import { dropIndexes, type Migration } from '@suite/platform';

/** In the order of their ids; what stands here is never changed again. How to write one: docs/CONTRIBUTING.md. */
export const migrations: Migration[] = [
  {
    id: '2026-11-27-drop-former-lists',
    title: 'Drops the indexes of orders whose work two others do, and which every write of an order kept up for nobody',
    up: ({ db }) =>
      dropIndexes(db, 'orders', ['userId_1_createdAt_-1__id_-1', 'userId_1_status_1_createdAt_-1__id_-1', 'lanes']),
  },
];
