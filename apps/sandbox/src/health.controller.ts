import { Controller, Get } from '@nestjs/common';

/** It has nothing to depend on: who answers is well. */
@Controller('health')
export class HealthController {
  @Get(['', 'live', 'ready'])
  health() {
    return { status: 'ok' };
  }
}
