import { ForbiddenException, ImATeapotException, NotFoundException } from '@nestjs/common';
import { Problem } from '@suite/contracts';
import { asProblem, codeOf, typeOf } from './failure';
import { problemView } from './problem.view';

const withStatus = (statusCode: number) => Object.assign(new Error('a secret path'), { statusCode });

describe('asProblem', () => {
  it('leaves a Problem as it is', () => {
    const problem = new Problem('PRICE_CHANGED', undefined, { currentPrice: 1_999 });
    expect(asProblem(problem)).toBe(problem);
  });

  it.each([
    [new NotFoundException('Cannot GET /x'), 'NOT_FOUND'],
    [new ForbiddenException(), 'NOT_FOUND'],
    [withStatus(413), 'PAYLOAD_TOO_LARGE'],
    [withStatus(415), 'UNSUPPORTED_MEDIA_TYPE'],
    [withStatus(414), 'VALIDATION_FAILED'],
    [withStatus(503), 'INTERNAL_ERROR'],
    [new ImATeapotException(), 'INTERNAL_ERROR'],
    [Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:6379'), { code: 'ECONNREFUSED' }), 'SERVICE_UNAVAILABLE'],
    [new TypeError('x is not a function'), 'INTERNAL_ERROR'],
    [undefined, 'INTERNAL_ERROR'],
    ['text', 'INTERNAL_ERROR'],
  ])('makes %s %s, without a word of the library', (error, code) => {
    const problem = asProblem(error);
    expect(problem.code).toBe(code);
    expect(JSON.stringify(problemView(problem, '/x', 'id'))).not.toMatch(/secret|Cannot|function|10\.0/);
  });
});

describe('problemView', () => {
  it('tells what the client may know, money as decimals', () => {
    const problem = new Problem('PRICE_CHANGED', 'It costs more', { currentPrice: 1_999, stockId: 'a' });
    expect(problemView(problem, '/orders', 'id-1')).toEqual({
      type: '/problems/price-changed',
      title: 'The price has changed',
      status: 409,
      detail: 'It costs more',
      instance: '/orders',
      code: 'PRICE_CHANGED',
      requestId: 'id-1',
      currentPrice: 19.99,
      stockId: 'a',
    });
  });

  it('lets no fact take the place of what every problem has', () => {
    expect(problemView(new Problem('FORBIDDEN', 'No', { status: 200, code: 'FINE' }), '/', 'i')).toMatchObject({
      status: 403,
      code: 'FORBIDDEN',
    });
  });

  it('hides what is broken on our side', () => {
    const view = problemView(new Problem('INTERNAL_ERROR', 'E11000 dup key', { stack: 'at x' }), '/', 'i');
    expect(JSON.stringify(view)).not.toMatch(/E11000|at x/);
  });
});

describe('the type of a problem', () => {
  it('leads back to its code', () =>
    expect(codeOf(typeOf('PRICE_CHANGED').slice('/problems/'.length))).toBe('PRICE_CHANGED'));
  it.each(['nope', '__proto__', 'PRICE_CHANGED', ''])('%j is none', (name) => expect(codeOf(name)).toBeUndefined());
});
