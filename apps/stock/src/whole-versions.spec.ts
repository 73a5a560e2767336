import { wholeVersions } from './whole-versions';

const [OLD, NEW] = [new Date(1_000), new Date(3_000)];
const BEFORE = new Date(2_000);

const line = (version: number, at: Date) => ({ version, at });
const versionsOf = (...given: Parameters<typeof wholeVersions>) =>
  wholeVersions(...given).map(({ version }) => version);

describe('what of a ledger goes to the archive', () => {
  it('is all that is old', () => {
    expect(versionsOf([line(1, OLD), line(2, OLD), line(2, OLD)], BEFORE, false)).toEqual([1, 2, 2]);
    expect(versionsOf([], BEFORE, false)).toEqual([]);
    expect(versionsOf([line(1, NEW)], BEFORE, false)).toEqual([]);
  });

  it('ends before the first version that is young, even if a later one carries an older time', () => {
    expect(versionsOf([line(1, OLD), line(2, OLD), line(2, NEW), line(3, OLD)], BEFORE, false)).toEqual([1]);
  });

  it('never splits a version of which there may be more', () => {
    expect(versionsOf([line(1, OLD), line(2, OLD)], BEFORE, true)).toEqual([1]);
  });
});
