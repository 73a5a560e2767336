import { HashQueue } from './hash-queue';

/** Work that ends when the test says so. */
function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, work: () => opened };
}

const options = { concurrency: 2, maxWaiting: 2, maxWaitMs: 60_000 };
const overloaded = expect.objectContaining({ code: 'OVERLOADED', extra: { retryAfter: 2 } }) as Error;

describe('the queue for hashing passwords', () => {
  it('never runs more at once than it may, and runs all in the order of arrival', async () => {
    const queue = new HashQueue({ ...options, maxWaiting: 100 });
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const work = (i: number) => async () => {
      started.push(i);
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return i * 10;
    };
    const results = await Promise.all([0, 1, 2, 3, 4, 5, 6].map((i) => queue.run(work(i))));
    expect(results).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(most).toBe(2);
  });

  it('refuses at once when too many wait, and serves again when they have gone', async () => {
    const queue = new HashQueue(options);
    const { open, work } = gate();
    const inside = [1, 2, 3, 4].map(() => queue.run(work));
    await expect(queue.run(work)).rejects.toEqual(overloaded);
    open();
    await Promise.all(inside);
    await expect(queue.run(() => Promise.resolve('served'))).resolves.toBe('served');
  });

  it('sends away who has waited too long, and does not run that work later', async () => {
    const queue = new HashQueue({ ...options, concurrency: 1, maxWaitMs: 20 });
    const { open, work } = gate();
    const first = queue.run(work);
    const late = jest.fn(() => Promise.resolve());
    await expect(queue.run(late)).rejects.toEqual(overloaded);
    open();
    await first;
    await queue.run(() => Promise.resolve());
    expect(late).not.toHaveBeenCalled();
  });

  it('goes on after work that failed', async () => {
    const queue = new HashQueue({ ...options, concurrency: 1 });
    await expect(queue.run(() => Promise.reject(new Error('broken hash')))).rejects.toThrow('broken hash');
    await expect(queue.run(() => Promise.resolve('next'))).resolves.toBe('next');
  });
});
