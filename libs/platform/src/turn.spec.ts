import { setImmediate as nextTurn } from 'node:timers/promises';
import { thisTurn } from './turn';

describe('thisTurn', () => {
  it('is one moment with one id, as long as nothing else gets to run', async () => {
    const first = thisTurn();
    await Promise.resolve();
    expect(thisTurn()).toBe(first);
  });

  it('is another one in the next turn', async () => {
    const first = thisTurn();
    await nextTurn();
    const next = thisTurn();
    expect(next.id).not.toBe(first.id);
    expect(next.at.getTime()).toBeGreaterThanOrEqual(first.at.getTime());
  });
});
