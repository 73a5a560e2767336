import { Logger } from '@nestjs/common';
import { eventually } from '../../../test/support/eventually';
import { Sweep } from './sweep';

describe('a sweep', () => {
  beforeAll(() => void Logger.overrideLogger(false));

  it('comes again and again, also after a failure', async () => {
    let turns = 0;
    const sweep = new Sweep('test', 1, () => (++turns % 2 ? Promise.reject(new Error('weather')) : Promise.resolve()));
    sweep.start();
    await eventually(() => expect(turns).toBeGreaterThan(4));
    await sweep.stop();
  });

  it('never runs twice at once, and stopping waits for the turn in hand, which is the last', async () => {
    let running = 0;
    let turns = 0;
    let finish!: () => void;
    const sweep = new Sweep('test', 1, async () => {
      expect(++running).toBe(1);
      turns++;
      await new Promise<void>((resolve) => (finish = resolve));
      running--;
    });
    sweep.start();
    for (const turn of [1, 2, 3]) {
      await eventually(() => expect(turns).toBe(turn));
      if (turn < 3) finish();
    }
    const stopped = sweep.stop();
    finish();
    await stopped;
    expect([running, turns]).toEqual([0, 3]);
  });
});
