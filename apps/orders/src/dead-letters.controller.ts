import { Controller } from '@nestjs/common';
import {
  orders,
  type ById,
  type DeadLetter,
  type DeadLetterGroups,
  type DeadLetterPage,
  type DeadLetterQuery,
  type DiscardDeadLetter,
  type DryRun,
  type Nothing,
  type ReplayDeadLetters,
  type ReplayedLetter,
  type ReplayRun,
} from '@suite/contracts';
import { Answers } from '@suite/platform';
import { DeadLetterDeskService } from './dead-letter-desk.service';
import { DryRunsService } from './dry-runs.service';
import { ReplayRunsService } from './replay-runs.service';

@Controller()
export class DeadLettersController {
  constructor(
    private readonly desk: DeadLetterDeskService,
    private readonly runs: ReplayRunsService,
    private readonly dryRuns: DryRunsService,
  ) {}

  @Answers(orders.deadLetters)
  list(query: DeadLetterQuery): Promise<DeadLetterPage> {
    return this.desk.list(query);
  }

  @Answers(orders.deadLetterGroups)
  groups(_body: Nothing): Promise<DeadLetterGroups> {
    return this.desk.groups();
  }

  @Answers(orders.deadLetter)
  get(body: ById): Promise<DeadLetter> {
    return this.desk.get(body);
  }

  @Answers(orders.tryDeadLetter)
  tryOne(body: ById): Promise<DryRun> {
    return this.dryRuns.run(body);
  }

  @Answers(orders.replayDeadLetter)
  replay(body: ById): Promise<ReplayedLetter> {
    return this.desk.replay(body);
  }

  @Answers(orders.replayDeadLetters)
  replayMany(body: ReplayDeadLetters): Promise<ReplayRun> {
    return this.runs.schedule(body);
  }

  @Answers(orders.discardDeadLetter)
  discard(body: DiscardDeadLetter): Promise<DeadLetter> {
    return this.desk.discard(body);
  }
}
