import { Injectable } from '@nestjs/common';
import { InjectConnection } from '@nestjs/mongoose';
import type { Ranking, Tier } from '@suite/contracts';
import { Snapshot } from '@suite/platform';
import type { Connection, PipelineStage, Types } from 'mongoose';
import { productGrains } from './bucket-sums';
import { all, Reading } from './reading';
import type { Change } from './share';
import { cover, type Range } from './time-range';

export interface ProductSales {
  /** Of the product. */
  _id: Types.ObjectId;
  units: number;
  /** Minor units. */
  revenue: number;
  /** What it was called, and until when. MongoDB compares the first field first. */
  called: { at: Date; sku: string; name: string };
}

const summed: PipelineStage.Group = {
  $group: {
    _id: '$productId',
    units: { $sum: '$units' },
    revenue: { $sum: '$revenue' },
    called: { $max: { at: '$at', sku: '$sku', name: '$name' } },
  },
};

/** What was sold of which product, read from what was counted. */
@Injectable()
export class ProductFiguresService {
  constructor(@InjectConnection() private readonly connection: Connection) {}

  /** Those of which most was sold, or which brought most, by orders placed in that time; best first. */
  async best(range: Range, { tier, by, limit }: { tier?: Tier; by: Ranking; limit: number }): Promise<ProductSales[]> {
    const reading = new Reading(await Snapshot.now(this.connection), tier);
    const wanted = [{ range, ...cover(range, productGrains) }];
    const changed = new Map<string, ProductSales>();
    for await (const [, change] of reading.missing(wanted)) addChange(changed, change);
    const ids = [...changed.values()].map(({ _id }) => _id);
    const then: Ranking = by === 'units' ? 'revenue' : 'units';
    const [found] = await all(
      reading.rows<Record<'unchanged' | 'changed', ProductSales[]>>('productBuckets', [
        await reading.match(wanted),
        summed,
        {
          $facet: {
            // Of these the buckets have everything, so that only the best of them can be among the best.
            unchanged: [
              { $match: { _id: { $nin: ids } } },
              { $sort: { [by]: -1, [then]: -1, _id: 1 } },
              { $limit: limit },
            ],
            changed: [{ $match: { _id: { $in: ids } } }],
          },
        },
      ]),
    );
    for (const product of found.changed) add(changed, product);
    return [...found.unchanged, ...changed.values()]
      .filter(({ units }) => units > 0)
      .sort((a, b) => b[by] - a[by] || b[then] - a[then] || (String(a._id) < String(b._id) ? -1 : 1))
      .slice(0, limit);
  }
}

function addChange(sums: Map<string, ProductSales>, { at, products }: Change): void {
  for (const { productId: _id, sku, name, ...figures } of products)
    add(sums, { _id, ...figures, called: { at, sku, name } });
}

function add(sums: Map<string, ProductSales>, { _id, units, revenue, called }: ProductSales): void {
  const key = String(_id);
  const sum = sums.get(key);
  sums.set(key, {
    _id,
    units: (sum?.units ?? 0) + units,
    revenue: (sum?.revenue ?? 0) + revenue,
    called: sum && sum.called.at > called.at ? sum.called : called,
  });
}
