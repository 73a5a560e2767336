import { Problem } from '@suite/contracts';
import { runInContext } from '@suite/platform';
import { MongoServerError } from 'mongodb';
import { isTransient, patience, retrying } from './retrying';

const labelled = (label: string) => {
  const error = new MongoServerError({ message: 'in the way' });
  error.addErrorLabel(label);
  return error;
};
const conflict = labelled('TransientTransactionError');
const soon = () => Date.now() + 1_000;

describe('retrying', () => {
  it('goes on until the way is free', async () => {
    let tries = 0;
    const work = () => (++tries < 4 ? Promise.reject(conflict) : Promise.resolve('done'));
    expect(await retrying(work, soon())).toBe('done');
    expect(tries).toBe(4);
  });

  it('passes on at once what another try would not change', async () => {
    let tries = 0;
    const refusal = new Problem('SKU_TAKEN');
    const work = () => Promise.reject(tries++ ? new Error('again') : refusal);
    await expect(retrying(work, soon())).rejects.toBe(refusal);
  });

  it('says so when nobody waits any longer, and why', async () => {
    const failed = retrying(() => Promise.reject(conflict), Date.now() + 30);
    await expect(failed).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE', cause: conflict });
  });

  it('knows what is worth another try', () => {
    const worth = ['TransientTransactionError', 'UnknownTransactionCommitResult', 'RetryableWriteError'].map(labelled);
    expect(worth.map((error) => isTransient(error))).toEqual([true, true, true]);
    expect(isTransient(new MongoServerError({ message: 'Document failed validation', code: 121 }))).toBe(false);
  });

  it('is as patient as the caller, within bounds', () => {
    const left = (deadline?: number) => runInContext({ requestId: 'r', deadline }, patience) - Date.now();
    expect(left(Date.now() + 600)).toBeLessThanOrEqual(500);
    expect(left(Date.now() + 60_000)).toBeLessThanOrEqual(2_000);
    expect(left()).toBeGreaterThan(1_900);
  });
});
