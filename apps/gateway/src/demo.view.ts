import { IsFlag, IsId, IsListOf, IsOneOf, IsPart, IsText, IsTime, IsWhole, tiers, type Tier } from '@suite/contracts';

export const demoKinds = ['trickle', 'flash-sale', 'vip-lane'] as const;
export type DemoKind = (typeof demoKinds)[number];

export const demoStates = ['running', 'done', 'stopped', 'failed'] as const;
export type DemoState = (typeof demoStates)[number];

const COUNT = [0, 1_000_000] as const;

export class DemoBody {
  @IsOneOf(demoKinds)
  kind: DemoKind;
}

export class DemoLaneView {
  @IsOneOf(tiers)
  lane: Tier;

  @IsWhole(...COUNT)
  orders: number;

  @IsWhole(...COUNT, { description: 'From accepted to confirmed: the half of them waited no longer, in ms' })
  p50Ms: number;

  @IsWhole(...COUNT, { description: 'And nineteen of twenty' })
  p95Ms: number;
}

/** What a flash sale has shown, recounted from the ledger of its stock. */
export class DemoProofView {
  @IsWhole(...COUNT, { description: 'Units that there were' })
  units: number;

  @IsWhole(...COUNT, { description: 'Units that the ledger says are sold' })
  sold: number;

  @IsFlag({ description: 'Do the ledger, the stock and the confirmed orders say the same?' })
  balanced: boolean;
}

export class DemoRunView {
  @IsId()
  id: string;

  @IsOneOf(demoKinds)
  kind: DemoKind;

  @IsOneOf(demoStates)
  state: DemoState;

  @IsTime()
  startedAt: string;

  @IsTime({ optional: true })
  endedAt?: string;

  @IsWhole(...COUNT, { description: 'Orders that it wants to place' })
  planned: number;

  @IsWhole(...COUNT, { description: 'Accepted with 201' })
  accepted: number;

  @IsWhole(...COUNT, { description: 'Refused at once: there was nothing left' })
  refused: number;

  @IsWhole(...COUNT)
  confirmed: number;

  @IsWhole(...COUNT, { description: 'Accepted, and failed later' })
  failed: number;

  @IsPart(DemoProofView, { optional: true })
  proof?: DemoProofView;

  @IsListOf(DemoLaneView, 0, 10)
  lanes: DemoLaneView[];

  @IsText(0, 500, { optional: true, description: 'Why it failed' })
  error?: string;
}

export class DemoView {
  @IsFlag({ description: 'Never in production' })
  enabled: boolean;

  @IsPart(DemoRunView, { optional: true, description: 'The one that runs, or else the last one' })
  run?: DemoRunView;
}
