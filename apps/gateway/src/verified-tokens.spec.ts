import { VerifiedTokens, type VerifiedClaims } from './verified-tokens';

const claims = (sub: string, secondsToLive: number): VerifiedClaims =>
  ({ sub, exp: Date.now() / 1_000 + secondsToLive }) as unknown as VerifiedClaims;

describe('VerifiedTokens', () => {
  it('recalls what it was told, and nothing else', () => {
    const tokens = new VerifiedTokens();
    tokens.remember('a', claims('ann', 60));
    expect(tokens.recall('a')?.sub).toBe('ann');
    expect(tokens.recall('A')).toBeUndefined();
  });

  it('forgets a token when it ends, five seconds of leeway included', () => {
    const tokens = new VerifiedTokens();
    tokens.remember('gone', claims('ann', -6));
    tokens.remember('nearly', claims('ann', -4));
    expect(tokens.recall('gone')).toBeUndefined();
    expect(tokens.recall('nearly')).toBeDefined();
  });

  it('is bounded, and forgets first what was not used for longest', () => {
    const tokens = new VerifiedTokens(2);
    for (const token of ['a', 'b']) tokens.remember(token, claims(token, 60));
    tokens.recall('a');
    tokens.remember('c', claims('c', 60));
    expect(['a', 'b', 'c'].filter((token) => tokens.recall(token))).toEqual(['a', 'c']);
  });
});
