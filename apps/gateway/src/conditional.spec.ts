import { isFresh, versionOf } from './conditional';

describe('isFresh', () => {
  it.each(['"3-7"', 'W/"3-7"', '"1-1", "3-7"', '*'])('takes %s for "3-7"', (tags) =>
    expect(isFresh(tags, '"3-7"')).toBe(true),
  );
  it.each([undefined, '"3-8"', '3-7', '""'])('does not take %s', (tags) => expect(isFresh(tags, '"3-7"')).toBe(false));
});

describe('versionOf', () => {
  it.each([
    ['"3"', 3],
    ['"3-120"', 3],
    [undefined, undefined],
    ['*', undefined],
  ])('of %s is %s', (ifMatch, version) => expect(versionOf(ifMatch)).toBe(version));

  it.each(['W/"3"', '3', '"x"', '', '"1", "2"'])('refuses %j', (ifMatch) =>
    expect(() => versionOf(ifMatch)).toThrow('VALIDATION_FAILED'),
  );
});
