import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { GroupCommit } from './group-commit';

interface Item {
  id: number;
  /** How it fares: written, refused by itself, or making each batch throw that it is in. */
  fate: 'written' | 'refused' | 'poison';
  priority: number;
  /** How many turns of the event loop pass before it is added. */
  after: number;
}

const items = fc
  .array(
    fc.record({
      fate: fc.constantFrom('written', 'written', 'written', 'refused', 'poison'),
      priority: fc.integer({ min: 0, max: 3 }),
      after: fc.integer({ min: 0, max: 3 }),
    }),
    { maxLength: 60 },
  )
  .map((list) => list.map((item, id) => ({ ...item, id })));
const maxBatch = fc.integer({ min: 1, max: 8 });
const concurrency = fc.integer({ min: 1, max: 3 });
const slowness = fc.infiniteStream(fc.integer({ min: 0, max: 4 }));

/** A store that takes a few turns for each batch, and keeps account of what it was given. */
function store(turns: Iterator<number>) {
  const batches: Item[][] = [];
  const seen = { inFlight: 0, most: 0 };
  const commit = async (batch: Item[]): Promise<(string | Error)[]> => {
    batches.push([...batch]);
    seen.most = Math.max(seen.most, ++seen.inFlight);
    try {
      for (let left = turns.next().value as number; left > 0; left--) await turn();
      if (batch.some(({ fate }) => fate === 'poison')) throw new Error('the batch was thrown out');
      return batch.map(({ id, fate }) => (fate === 'refused' ? new Error(`refused ${id}`) : `written ${id}`));
    } finally {
      seen.inFlight--;
    }
  };
  return { batches, seen, commit };
}

async function addAll(group: GroupCommit<Item, string>, list: Item[]): Promise<PromiseSettledResult<string>[]> {
  const adding = list.map(async (item) => {
    for (let left = item.after; left > 0; left--) await turn();
    return group.add(item);
  });
  return Promise.allSettled(adding);
}

const messageOf = (outcome: PromiseSettledResult<string>): string =>
  outcome.status === 'fulfilled' ? outcome.value : (outcome.reason as Error).message;

describe('GroupCommit', () => {
  it('gives each caller its own result or its own error, whatever its neighbours do', () =>
    fc.assert(
      fc.asyncProperty(items, maxBatch, concurrency, slowness, async (list, most, width, turns) => {
        const { commit } = store(turns);
        const outcomes = await addAll(new GroupCommit({ commit, maxBatch: most, concurrency: width }), list);
        const words = { written: 'written', refused: 'refused' };
        expect(outcomes.map(messageOf)).toEqual(
          list.map(({ id, fate }) => (fate === 'poison' ? 'the batch was thrown out' : `${words[fate]} ${id}`)),
        );
      }),
    ));

  it('never writes more than a batch may hold, nor more batches at once than allowed', () =>
    fc.assert(
      fc.asyncProperty(items, maxBatch, concurrency, slowness, async (list, most, width, turns) => {
        const { commit, batches, seen } = store(turns);
        await addAll(new GroupCommit({ commit, maxBatch: most, concurrency: width }), list);
        expect(Math.max(0, ...batches.map(({ length }) => length))).toBeLessThanOrEqual(most);
        expect(seen.most).toBeLessThanOrEqual(width);
      }),
    ));

  it('writes each item once where no batch is thrown out', () =>
    fc.assert(
      fc.asyncProperty(items, maxBatch, concurrency, slowness, async (list, most, width, turns) => {
        const sound = list.filter(({ fate }) => fate !== 'poison');
        const { commit, batches } = store(turns);
        await addAll(new GroupCommit({ commit, maxBatch: most, concurrency: width }), sound);
        const ids = batches.flat().map(({ id }) => id);
        expect(ids.sort((a, b) => a - b)).toEqual(sound.map(({ id }) => id));
      }),
    ));

  it('takes the most urgent of those who wait, and among equals who came first', () =>
    fc.assert(
      fc.asyncProperty(items, maxBatch, slowness, async (list, most, turns) => {
        const waiting = list.map((item) => ({ ...item, fate: 'written' as const, after: 0 }));
        const { commit, batches } = store(turns);
        const priority = (item: Item) => item.priority;
        await addAll(new GroupCommit({ commit, maxBatch: most, priority }), waiting);
        const order = [...waiting].sort((a, b) => a.priority - b.priority || a.id - b.id).map(({ id }) => id);
        expect(batches.flat().map(({ id }) => id)).toEqual(order);
      }),
    ));

  it('keeps the order of arrival where nobody is more urgent', () =>
    fc.assert(
      fc.asyncProperty(items, maxBatch, slowness, async (list, most, turns) => {
        const sound = list.map((item) => ({ ...item, fate: 'written' as const, after: 0 }));
        const { commit, batches } = store(turns);
        await addAll(new GroupCommit({ commit, maxBatch: most }), sound);
        expect(batches.flat().map(({ id }) => id)).toEqual(sound.map(({ id }) => id));
      }),
    ));

  it('gathers what arrives while the last write is in flight', async () => {
    let finish = (): void => undefined;
    const batches: number[][] = [];
    const group = new GroupCommit<number, number>({
      maxBatch: 100,
      commit: async (batch) => {
        batches.push(batch);
        if (batches.length === 1) await new Promise<void>((resolve) => (finish = resolve));
        return batch;
      },
    });
    const first = group.add(0);
    await turn();
    const others = [1, 2, 3].map((n) => group.add(n));
    await turn();
    expect(group.depth).toBe(3);
    finish();
    expect(await Promise.all([first, ...others])).toEqual([0, 1, 2, 3]);
    expect(batches).toEqual([[0], [1, 2, 3]]);
  });

  it('does not let a lone item wait', async () => {
    const written: string[] = [];
    const commit = (batch: string[]) => Promise.resolve((written.push(...batch), batch));
    const group = new GroupCommit<string, string>({ maxBatch: 10, commit });
    void group.add('alone');
    await turn();
    expect(written).toEqual(['alone']);
  });

  it('finds one poisoned item among many with few more writes', async () => {
    let calls = 0;
    const commit = (batch: number[]) => {
      calls++;
      return batch.includes(77) ? Promise.reject(new Error('poison')) : Promise.resolve(batch);
    };
    const group = new GroupCommit<number, number>({ maxBatch: 256, commit });
    const outcomes = await Promise.allSettled(Array.from({ length: 256 }, (_, n) => group.add(n)));
    expect(outcomes.flatMap(({ status }, n) => (status === 'rejected' ? [n] : []))).toEqual([77]);
    expect(calls).toBe(1 + 2 * Math.log2(256));
  });

  it('does not try the halves where that is of no use', async () => {
    let calls = 0;
    const commit = () => {
      calls++;
      return Promise.reject(new Error('the store is away'));
    };
    const group = new GroupCommit<number, number>({ maxBatch: 10, commit, separate: () => false });
    const outcomes = await Promise.allSettled([1, 2, 3].map((n) => group.add(n)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(calls).toBe(1);
  });

  it('tells a caller whose outcome is missing, rather than pretending', async () => {
    const group = new GroupCommit<number, number>({ maxBatch: 10, commit: (batch) => Promise.resolve(batch.slice(1)) });
    const outcomes = await Promise.allSettled([1, 2].map((n) => group.add(n)));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
  });

  it('goes on after a commit that throws before its first await', async () => {
    let calls = 0;
    const commit = (batch: number[]): Promise<number[]> => {
      if (calls++ === 0) throw new Error('at once');
      return Promise.resolve(batch);
    };
    const group = new GroupCommit<number, number>({ maxBatch: 1, commit });
    await expect(group.add(1)).rejects.toThrow('at once');
    await expect(group.add(2)).resolves.toBe(2);
  });
});
