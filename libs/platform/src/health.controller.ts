import { Controller, type Type } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { healthOf, type Health, type Nothing, type ServiceName } from '@suite/contracts';
import type { HandlerExtras } from './bus/decorators';
import { HealthChecks } from './health-checks';

/** The controller that answers `<service>.health`, also and above all while a store is away. */
export function healthController(service: ServiceName): Type {
  const contract = healthOf(service);

  @Controller()
  class HealthController {
    constructor(private readonly checks: HealthChecks) {}

    @MessagePattern(contract.name, { contract, withoutStores: true } satisfies HandlerExtras)
    health(_body: Nothing): Health {
      return { checks: this.checks.run() };
    }
  }
  return HealthController;
}
