import { Controller, Get, Header, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import type { HealthCheckResult } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Unasked } from './access';
import { HealthService } from './health.service';
import { HealthView } from './health.view';

/** For load balancers, supervisors and operators: not counted, not signed in, at one path each. */
@ApiTags('Operations')
@ApiResponse({ status: 200, description: 'Yes', type: HealthView })
@ApiResponse({ status: 503, description: 'No: `error` says what is missing', type: HealthView })
@Controller('health')
@SkipThrottle({ default: true, auth: true })
@Unasked()
export class HealthController {
  constructor(private readonly health: HealthService) {}

  @Get()
  @ApiOperation({ summary: 'Is everything there?' })
  @Header('cache-control', 'no-store')
  async all(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult> {
    return answer(reply, await this.health.check());
  }

  /** Asks nobody, so that a process is not restarted for the weather. */
  @Get('live')
  @ApiOperation({ summary: 'Does this process work?' })
  @Header('cache-control', 'no-store')
  live(): HealthCheckResult {
    return { status: 'ok', info: {}, error: {}, details: {} };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Can orders be accepted just now?' })
  @Header('cache-control', 'no-store')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<HealthCheckResult> {
    return answer(reply, await this.health.checkNeeded());
  }
}

function answer(reply: FastifyReply, result: HealthCheckResult): HealthCheckResult {
  if (result.status !== 'ok') reply.code(503);
  return result;
}
