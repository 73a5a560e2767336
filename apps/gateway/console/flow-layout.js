/** Where the stages of the picture lie: side by side, or on a phone one below the other. */

/** @typedef {{ x: number, y: number, w: number, h: number }} Box */
/** @typedef {'accepted' | 'vip' | 'standard' | 'stock' | 'payment' | 'confirmed' | 'failed' | 'dead'} Stage */
/** @typedef {{ width: number, height: number, down: boolean, boxes: Record<Stage, Box> }} Layout */

/** @type {Layout} */
export const wide = {
  width: 1_080,
  height: 406,
  down: false,
  boxes: {
    accepted: { x: 10, y: 150, w: 140, h: 100 },
    vip: { x: 220, y: 60, w: 210, h: 116 },
    standard: { x: 220, y: 224, w: 210, h: 116 },
    stock: { x: 500, y: 150, w: 150, h: 100 },
    dead: { x: 500, y: 296, w: 150, h: 100 },
    payment: { x: 690, y: 296, w: 150, h: 100 },
    confirmed: { x: 890, y: 36, w: 180, h: 100 },
    failed: { x: 890, y: 166, w: 180, h: 100 },
  },
};

/** @type {Layout} */
export const narrow = {
  width: 400,
  height: 680,
  down: true,
  boxes: {
    accepted: { x: 125, y: 10, w: 150, h: 96 },
    vip: { x: 10, y: 150, w: 182, h: 116 },
    standard: { x: 208, y: 150, w: 182, h: 116 },
    stock: { x: 60, y: 310, w: 150, h: 96 },
    dead: { x: 252, y: 310, w: 138, h: 96 },
    payment: { x: 252, y: 438, w: 138, h: 96 },
    confirmed: { x: 10, y: 574, w: 182, h: 96 },
    failed: { x: 208, y: 574, w: 182, h: 96 },
  },
};

/** @type {[Stage, Stage][]} */
export const ways = [
  ['accepted', 'vip'],
  ['accepted', 'standard'],
  ['vip', 'stock'],
  ['standard', 'stock'],
  ['stock', 'confirmed'],
  ['stock', 'failed'],
  ['stock', 'payment'],
  ['stock', 'dead'],
  ['payment', 'confirmed'],
  ['payment', 'failed'],
];

/** A curve from the far side of one box to the near side of another. @param {Layout} layout @param {[Stage, Stage]} way */
export function curve({ boxes, down }, [from, to]) {
  const [a, b] = [boxes[from], boxes[to]];
  if (a.y === b.y) return `M${a.x + a.w} ${a.y + a.h / 2}H${b.x}`;
  if (down || Math.abs(a.x - b.x) < a.w / 2) {
    const [x1, y1, x2, y2] = [a.x + a.w / 2, a.y + a.h, b.x + b.w / 2, b.y];
    const bend = (y2 - y1) / 2;
    return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
  }
  const [x1, y1, x2, y2] = [a.x + a.w, a.y + a.h / 2, b.x, b.y + b.h / 2];
  const bend = (x2 - x1) / 2;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

/**
 * Which ways an order takes with one step. What happens after it is confirmed is no part of the flow.
 * @param {{ tier: string, seq: number, status: string, previousStatus?: string }} move
 * @returns {[Stage, Stage][]}
 */
export function waysOf({ tier, seq, status, previousStatus }) {
  const lane = tier === 'vip' ? 'vip' : 'standard';
  if (seq === 1) return [['accepted', lane]];
  const end = /** @type {Record<string, Stage>} */ ({ CONFIRMED: 'confirmed', FAILED: 'failed', CANCELLED: 'failed' })[
    status
  ];
  if (previousStatus === 'PENDING') {
    if (status === 'AWAITING_PAYMENT')
      return [
        [lane, 'stock'],
        ['stock', 'payment'],
      ];
    return end
      ? [
          [lane, 'stock'],
          ['stock', end],
        ]
      : [];
  }
  return previousStatus === 'AWAITING_PAYMENT' && end ? [['payment', end]] : [];
}
