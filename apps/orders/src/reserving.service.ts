import { Injectable } from '@nestjs/common';
import { MAX_RESERVED_TOGETHER, Problem, stock, type Reserve, type ReserveAnswer } from '@suite/contracts';
import { Bus, GroupCommit, isWeather, onBehalfOfMany } from '@suite/platform';

/** Reserves for the orders that are ready at the same moment with one message, of which each gets its own answer. */
@Injectable()
export class ReservingService {
  private readonly asking = new GroupCommit<Reserve, ReserveAnswer>({
    name: 'reservations',
    commit: (reservations) => this.askFor(reservations),
    maxBatch: MAX_RESERVED_TOGETHER,
    // Who has one stock to himself does not wait for those who crowd at another.
    concurrency: 8,
    separate: (error) => !isWeather(error),
  });

  constructor(private readonly bus: Bus) {}

  /** @throws Problem as `stock.reserve` */
  reserve(one: Reserve): Promise<ReserveAnswer> {
    return this.asking.add(one);
  }

  private async askFor(reservations: Reserve[]): Promise<(ReserveAnswer | Problem)[]> {
    const [one, ...others] = reservations;
    if (others.length === 0) return [await this.bus.ask(stock.reserve, one)];
    const { reserved } = await onBehalfOfMany(() => this.bus.ask(stock.reserveMany, { reservations }));
    return reserved.map(({ answer, problem }) => answer ?? Problem.fromData(problem!));
  }
}
