import { developmentSecret, IsSecret } from './secret';
import { loadSettings, SettingsError } from './settings';

class Keys {
  @IsSecret({ unlike: 'REFRESH' })
  ACCESS: string = developmentSecret('ACCESS');

  @IsSecret()
  REFRESH: string = developmentSecret('REFRESH');
}

const good = '7b1f0c9a4e8d2635f7a9c1e3b5d70246';
const other = 'Zt4kQ8vWn2LxR6yB0mJcF5hUeS9dGaP3';

const NODE_ENV = process.env.NODE_ENV;
afterEach(() => (process.env.NODE_ENV = NODE_ENV));

function load(environment: NodeJS.ProcessEnv, mode = 'production'): string[] {
  process.env.NODE_ENV = mode;
  try {
    loadSettings(Keys, environment);
    return [];
  } catch (error) {
    return (error as SettingsError).reasons;
  }
}

describe('a secret setting', () => {
  it('has a default outside production, so that nothing must be set to try the suite', () => {
    expect(load({}, 'development')).toEqual([]);
  });

  it('is taken in production when it is long, random and its own', () => {
    expect(load({ ACCESS: good, REFRESH: other })).toEqual([]);
  });

  it.each([
    ['missing', undefined, /ACCESS is missing/],
    ['empty', '', /ACCESS is missing/],
    ['too short', good.slice(1), /ACCESS must have at least 32/],
    ['one character over and over', 'a'.repeat(64), /ACCESS is too easy/],
    ['a sample', 'please-change-me-please-change-me-0123456789', /ACCESS is missing or a sample/],
    ['the default of development', developmentSecret('ACCESS'), /ACCESS is missing or a sample/],
    ['that of its neighbour', other, /ACCESS must differ from REFRESH/],
  ])('is refused in production when it is %s', (_case, ACCESS, reason) => {
    expect(load({ ACCESS, REFRESH: other })).toEqual([expect.stringMatching(reason)]);
  });

  it('names every secret that is wrong at once', () => {
    expect(load({})).toHaveLength(2);
  });
});
