import { ApiProperty } from '@nestjs/swagger';
import {
  IsListOf,
  IsOneOf,
  IsText,
  IsWhole,
  Problem,
  problems,
  type FieldError,
  type ProblemCode,
  type ProblemExtra,
} from '@suite/contracts';
import { typeOf } from './failure';
import { toDecimal } from './money';

const codes = Object.keys(problems) as ProblemCode[];

/** What is wrong with a body may be longer than the body: only so much of it is told. */
const MOST = { errors: 100, path: 200, message: 500 };

export class FieldErrorView {
  @IsText(0, MOST.path, { example: 'items.0.quantity' })
  path: string;

  @IsText(1, MOST.message, { example: 'quantity must not be less than 1' })
  message: string;
}

/** An error as clients see it (RFC 9457), as `application/problem+json`. */
export class ProblemView {
  @IsText(1, 100, { description: 'A reference that stands for the code', example: '/problems/price-changed' })
  type: string;

  @IsText(1, 200, { example: problems.PRICE_CHANGED.title })
  title: string;

  @IsWhole(400, 599, { example: problems.PRICE_CHANGED.status })
  status: number;

  @IsText(1, 1_000, { example: problems.PRICE_CHANGED.title })
  detail: string;

  @IsText(1, 2_000, { description: 'The path that was called', example: '/orders' })
  instance: string;

  @IsOneOf(codes, { example: 'PRICE_CHANGED', description: 'Stable: decide by it' })
  code: ProblemCode;

  @IsText(1, 100, { description: 'As in X-Request-Id; name it when you ask for help', example: 'c0ffee-1' })
  requestId: string;

  @IsText(32, 32, { optional: true, description: 'Where traces are kept', example: '0af7651916cd43dd8448eb211c80319c' })
  traceId?: string;

  @IsListOf(FieldErrorView, 0, MOST.errors, { optional: true })
  errors?: FieldErrorView[];

  /** Some codes say more: `currentPrice` and `stockId`, `available`, `refundable`, `retryAfter`. */
  [fact: string]: unknown;
}

/** What a client may know of a problem. The text of what is broken on our side stays inside. */
export function problemView(problem: Problem, instance: string, requestId: string, traceId?: string): ProblemView {
  const { code, status } = problem;
  const hidden = problem.kind === 'broken';
  const { title } = problems[code];
  return {
    ...(hidden ? {} : outwards(problem.extra)),
    ...(!hidden && problem.extra.errors && { errors: shortened(problem.extra.errors) }),
    type: typeOf(code),
    title,
    status,
    detail: hidden ? title : problem.detail,
    instance,
    code,
    requestId,
    ...(traceId !== undefined && { traceId }),
  };
}

const shortened = (errors: FieldError[]): FieldErrorView[] =>
  errors.slice(0, MOST.errors).map(({ path, message }) => ({
    path: path.slice(0, MOST.path),
    message: message.slice(0, MOST.message),
  }));

/** Money leaves as decimals, here as everywhere. */
const MONEY = ['currentPrice', 'refundable'];
const outwards = (extra: ProblemExtra): ProblemExtra =>
  Object.fromEntries(
    Object.entries(extra).map(([fact, value]) =>
      MONEY.includes(fact) && typeof value === 'number' ? [fact, toDecimal(value)] : [fact, value],
    ),
  );

/** One row of the table of problems. */
export class ProblemCodeView {
  @IsOneOf(codes, { example: 'PRICE_CHANGED' })
  code: ProblemCode;

  @IsWhole(400, 599, { example: 409 })
  status: number;

  @IsText(1, 200, { example: problems.PRICE_CHANGED.title })
  title: string;

  @ApiProperty({ type: Boolean, example: false, description: 'Is it worth sending the same request again?' })
  retryable: boolean;
}

export const problemCodeView = (code: ProblemCode): ProblemCodeView => ({
  code,
  status: problems[code].status,
  title: problems[code].title,
  retryable: problems[code].kind !== 'refused' || code === 'RATE_LIMITED',
});
