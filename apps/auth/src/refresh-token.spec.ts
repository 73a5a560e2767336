import { firstToken, readToken, successorOf } from './refresh-token';

const key = 'a key of the refresh tokens';
const session = '665f1c2e9b3e4a0012345678';

describe('a refresh token', () => {
  const first = firstToken(key, session);

  it('is read back with the session it belongs to', () => {
    expect(readToken(key, first.text)).toEqual({ sessionId: session, text: first.text });
  });

  it('has one successor, the same at each asking, and no two tokens of a family are alike', () => {
    const second = successorOf(key, first);
    expect(successorOf(key, first)).toEqual(second);
    const family = [first, second, successorOf(key, second)].map(({ text }) => text);
    expect(new Set(family).size).toBe(3);
    expect(family.map((text) => readToken(key, text)?.sessionId)).toEqual([session, session, session]);
  });

  it('starts differently for each session', () => {
    expect(firstToken(key, session).text).not.toBe(first.text);
  });

  it('has another successor under another key', () => {
    expect(successorOf('another key', first).text).not.toBe(successorOf(key, first).text);
  });

  it.each([
    ['of another session', first.text.replace(session, '665f1c2e9b3e4a0012345679')],
    ['with one character changed', first.text.replace(/.$/, (last) => (last === 'A' ? 'E' : 'A'))],
    ['without its seal', first.text.slice(0, -44)],
    ['made with another key', firstToken('another key', session).text],
    ['that is none at all', 'let me in'],
    ['that is empty', ''],
  ])('%s is not taken', (_case, text) => {
    expect(readToken(key, text)).toBeUndefined();
  });
});
