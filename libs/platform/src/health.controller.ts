import { Controller, type Type } from '@nestjs/common';
import { healthOf, type Health, type Nothing, type ServiceName } from '@suite/contracts';
import { Answers } from './bus/decorators';
import { HealthChecks } from './health.checks';

/** The controller that answers `<service>.health`. */
export function healthController(service: ServiceName): Type {
  @Controller()
  class HealthController {
    constructor(private readonly checks: HealthChecks) {}

    @Answers(healthOf(service))
    async health(_body: Nothing): Promise<Health> {
      return { checks: await this.checks.run() };
    }
  }
  return HealthController;
}
