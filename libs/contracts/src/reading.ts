import { IsId, IsMoment, IsText, IsWhole } from './fields';

export class ById {
  @IsId()
  id: string;
}

/** How lists are asked for. `cursor` wins over `page`, and costs the same at any depth. */
export class PageQuery {
  @IsWhole(1, 1_000_000, { optional: true, description: 'From 1; the default is 1' })
  page?: number;

  @IsWhole(1, 100, { optional: true, description: 'Items a page; the default is 20' })
  limit?: number;

  @IsText(1, 2_000, { optional: true, description: 'The nextCursor of the page before' })
  cursor?: string;
}

/** What every list answers beside its items. */
export class PageMeta {
  @IsWhole(0, Number.MAX_SAFE_INTEGER, { example: 42 })
  total: number;

  @IsWhole(1, 1_000_000, { example: 1 })
  page: number;

  @IsWhole(1, 100, { example: 20 })
  limit: number;

  @IsText(1, 2_000, { optional: true, description: 'There while more follows' })
  nextCursor?: string;
}

/** From when and until when something was made: `from` is in it, `to` is not. Open where one is absent. */
export class TimeRange {
  @IsMoment({ optional: true, description: 'At this time or later' })
  from?: string;

  @IsMoment({ optional: true, notBefore: 'from', description: 'Before this time' })
  to?: string;
}
