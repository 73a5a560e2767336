/** From `from` on, and before `to`, in ms since the epoch. */
export interface Range {
  from: number;
  to: number;
}

/** How long buckets are, in ms. Each is a multiple of those before it, and all begin with the epoch: days are of UTC. */
export const grainMs = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
export type Grain = keyof typeof grainMs;

/** Buckets that follow each other, all of one grain. */
export interface Span extends Range {
  grain: Grain;
}

/** Times that the buckets have too much (-1) or too little of (1): what lies in them is counted from the orders. */
export interface Edge extends Range {
  sign: 1 | -1;
}

export interface Cover {
  /** In order, without a gap. */
  spans: Span[];
  /** At most half of the finest grain each. */
  edges: Edge[];
}

/** The limits of time as JavaScript knows them; both are midnights. */
export const always: Range = { from: -8.64e15, to: 8.64e15 };

export const rangeOf = ({ from, to }: { from?: string; to?: string }): Range => ({
  from: from === undefined ? always.from : Date.parse(from),
  to: to === undefined ? always.to : Date.parse(to),
});

export const beginOf = (grain: Grain, time: number): number => Math.floor(time / grainMs[grain]) * grainMs[grain];

/**
 * Any time as few buckets, and what is left at its ends. Each end moves to the nearest limit of the finest grain, so that
 * little has to be counted from the orders, whatever the range.
 *
 * @param grains the finest first
 */
export function cover({ from, to }: Range, grains: readonly Grain[]): Cover {
  const finest = grainMs[grains[0]];
  const [begin, end] = [Math.round(from / finest) * finest, Math.round(to / finest) * finest];
  return { spans: spansOf({ from: begin, to: end }, grains), edges: [...between(from, begin), ...between(end, to)] };
}

function spansOf({ from, to }: Range, [grain, ...coarser]: readonly Grain[]): Span[] {
  if (from >= to) return [];
  const [next] = coarser;
  const begin = next && Math.ceil(from / grainMs[next]) * grainMs[next];
  const end = next && beginOf(next, to);
  if (next === undefined || begin >= end) return [{ grain, from, to }];
  return [
    ...spansOf({ from, to: begin }, [grain]),
    ...spansOf({ from: begin, to: end }, coarser),
    ...spansOf({ from: end, to }, [grain]),
  ];
}

/** What is missing between a limit and the next, or too much where they are the other way round. */
function between(one: number, other: number): Edge[] {
  if (one < other) return [{ from: one, to: other, sign: 1 }];
  return one > other ? [{ from: other, to: one, sign: -1 }] : [];
}

/** Spans that follow each other as one. */
export function joined(spans: Span[]): Span[] {
  const joint: Span[] = [];
  for (const span of spans) {
    const last = joint.at(-1);
    if (last?.grain === span.grain && last.to === span.from) last.to = span.to;
    else joint.push({ ...span });
  }
  return joint;
}
