import { Controller, Get, Req } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Problem, problems, type ProblemCode } from '@suite/contracts';
import { Unasked } from './access';
import { Described } from './described';
import { success, type Success } from './envelope';
import { codeOf } from './failure';
import { ProblemCodeView, problemCodeView } from './problem.view';

/** Where the `type` of a problem leads to. */
@ApiTags('Problems')
@Controller('problems')
@Unasked()
export class ProblemsController {
  @Get()
  @Described({ summary: 'The table of all codes', data: [ProblemCodeView] })
  list(): Success<ProblemCodeView[]> {
    return success((Object.keys(problems) as ProblemCode[]).map(problemCodeView));
  }

  @Get(':name')
  @ApiParam({ name: 'name', schema: { type: 'string', example: 'price-changed' } })
  @Described({ summary: 'What a code means', data: ProblemCodeView, problems: ['NOT_FOUND'] })
  get(@Req() { params }: FastifyRequest): Success<ProblemCodeView> {
    const code = codeOf((params as { name: string }).name);
    if (!code) throw new Problem('NOT_FOUND');
    return success(problemCodeView(code));
  }
}
