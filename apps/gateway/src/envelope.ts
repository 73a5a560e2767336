import type { PageMeta } from '@suite/contracts';

/** What wraps every success but those of `/auth`. */
export interface Success<Data> {
  status: 'success';
  data: Data;
  meta?: PageMeta;
}

export const success = <Data>(data: Data): Success<Data> => ({ status: 'success', data });

/** A list: the items of one page, each through its view. */
export const successPage = <Item, View>(
  { items, meta: { total, page, limit, nextCursor } }: { items: Item[]; meta: PageMeta },
  view: (item: Item) => View,
): Success<View[]> => ({
  status: 'success',
  data: items.map((item) => view(item)),
  meta: { total, page, limit, ...(nextCursor !== undefined && { nextCursor }) },
});
