import { setImmediate as turn } from 'node:timers/promises';
import * as fc from 'fast-check';
import { SoloGate } from './solo-gate';

/** A run that ends when told to. */
class Run {
  started = false;
  end!: () => void;
  private readonly over = new Promise<void>((resolve) => (this.end = resolve));

  readonly work = async (): Promise<Run> => {
    this.started = true;
    await this.over;
    return this;
  };
}

describe('the gate', () => {
  it('lets many run side by side', async () => {
    const [gate, a, b] = [new SoloGate(), new Run(), new Run()];
    const runs = [gate.beside(a.work), gate.beside(b.work)];
    await turn();
    expect([a.started, b.started]).toEqual([true, true]);
    a.end();
    b.end();
    expect(await Promise.all(runs)).toEqual([a, b]);
  });

  it('lets one run alone: after those inside, and before those who come later', async () => {
    const [gate, inside, solo, later] = [new SoloGate(), new Run(), new Run(), new Run()];
    void gate.beside(inside.work);
    await turn();
    const alone = gate.alone(solo.work);
    const last = gate.beside(later.work);
    await turn();
    expect([solo.started, later.started]).toEqual([false, false]);
    inside.end();
    await turn();
    expect([solo.started, later.started]).toEqual([true, false]);
    solo.end();
    expect(await alone).toBe(solo);
    later.end();
    expect(await last).toBe(later);
  });

  it('goes on after one that failed, alone or not', async () => {
    const gate = new SoloGate();
    const fail = () => Promise.reject(new Error('no kettle'));
    await expect(gate.beside(fail)).rejects.toThrow('no kettle');
    await expect(gate.alone(fail)).rejects.toThrow('no kettle');
    expect(await gate.alone(() => Promise.resolve('tea'))).toBe('tea');
    expect(await gate.beside(() => Promise.resolve('tea'))).toBe('tea');
  });

  it('never lets anybody in beside one that is alone, and lets all in at some time', async () => {
    const visit = fc.record({ alone: fc.boolean(), turns: fc.nat(4), comesAfter: fc.nat(6) });
    await fc.assert(
      fc.asyncProperty(fc.array(visit, { maxLength: 30 }), async (visits) => {
        const gate = new SoloGate();
        const inside = new Set<number>();
        const meetings: [number, number][] = [];
        const run = async (index: number) => {
          const { alone, turns } = visits[index];
          for (const other of inside) if (alone || visits[other].alone) meetings.push([index, other]);
          inside.add(index);
          for (let i = 0; i < turns; i++) await turn();
          inside.delete(index);
        };
        await Promise.all(
          visits.map(async ({ alone, comesAfter }, index) => {
            for (let i = 0; i < comesAfter; i++) await turn();
            await (alone ? gate.alone(() => run(index)) : gate.beside(() => run(index)));
          }),
        );
        expect(meetings).toEqual([]);
      }),
    );
  });
});
