/**
 * What the customers of a run do. `ordering` is the share of orders among all requests, the others look at the
 * catalogue; `products` how many are for sale, `stock` of how many units each, unless told.
 */
export const scenarios = {
  hot: { meaning: 'all want one product, and there is enough of it', ordering: 1, products: one, stock: enough },
  'flash-sale': {
    meaning: 'all want one product, and there is enough for every fifth order',
    ordering: 1,
    products: one,
    stock: ({ orders }) => Math.ceil(orders / 5),
  },
  spread: { meaning: 'each wants one of many products', ordering: 1, products: several, stock: plenty },
  browse: { meaning: 'nobody buys: lists, searches and products', ordering: 0, products: several, stock: plenty },
  mixed: { meaning: 'nine look at a page where one orders', ordering: 0.1, products: several, stock: plenty },
};

function one() {
  return 1;
}

function several({ products }) {
  return products;
}

function enough({ orders }) {
  return orders;
}

/** Twice its share, since chance is not fair. */
function plenty({ orders, products }) {
  return Math.ceil((orders / products) * 2 + 50);
}
