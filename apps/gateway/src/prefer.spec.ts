import { waitOf } from './prefer';

describe('waitOf', () => {
  it.each([
    ['wait=5', 5],
    ['wait=0', 0],
    ['wait=60', 10],
    ['respond-async, wait=3', 3],
    ['Wait = "2"; x=y', 2],
  ])('reads %j', (prefer, seconds) => expect(waitOf(prefer)).toBe(seconds));

  it.each([undefined, '', 'wait', 'wait=', 'wait=-1', 'wait=soon', 'await=5', 'wait=1.5'])('ignores %j', (prefer) =>
    expect(waitOf(prefer)).toBeUndefined(),
  );
});
