import { Body, Controller, Delete, Get, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Roles } from './access';
import { DemoService } from './demo.service';
import { DemoBody, DemoView } from './demo.view';
import { Described } from './described';
import { success, type Success } from './envelope';

@ApiTags('Operations (admin)')
@Controller('admin/demo')
@Roles('admin')
export class DemoController {
  constructor(private readonly demo: DemoService) {}

  @Get()
  @Described({
    summary: 'See how the demonstration goes',
    description: 'The one that runs, or else the last one, with what it has shown.',
    data: DemoView,
    problems: ['UNAUTHORIZED', 'FORBIDDEN'],
  })
  async state(): Promise<Success<DemoView>> {
    return success(await this.demo.state());
  }

  @Post()
  @Described({
    summary: 'Start a demonstration',
    description:
      '`trickle`: 90 orders within a minute. `flash-sale`: 300 buyers before 50 units, recounted afterwards. `vip-lane`: ' +
      '40 VIPs among 400 others, all at once. Buyers without accounts buy products of its own, which are archived ' +
      'afterwards. One at a time; never in production.',
    status: 202,
    data: DemoView,
    examples: { 'a calm minute': { kind: 'trickle' } },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'DEMO_RUNNING'],
  })
  async start(@Body() { kind }: DemoBody, @Req() { id }: FastifyRequest): Promise<Success<DemoView>> {
    return success(await this.demo.start(kind, id));
  }

  @Delete()
  @Described({
    summary: 'Stop the demonstration',
    description: 'What was ordered stays ordered. Where none runs, nothing happens.',
    data: DemoView,
    problems: ['UNAUTHORIZED', 'FORBIDDEN'],
  })
  async stop(): Promise<Success<DemoView>> {
    return success(await this.demo.stop());
  }
}
