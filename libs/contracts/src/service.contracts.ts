import { message, Nothing } from './contract';
import { IsListOf, IsOneOf, IsText } from './fields';

/** The services that answer messages; the first word of a message's name is one of them. */
export const services = ['auth', 'stock', 'orders', 'payments', 'notifications', 'chatbot'] as const;
export type ServiceName = (typeof services)[number];

export class HealthCheck {
  @IsText(1, 100)
  name: string;

  @IsOneOf(['up', 'down'])
  status: 'up' | 'down';

  @IsText(0, 500, { optional: true })
  detail?: string;
}

export class Health {
  @IsListOf(HealthCheck, 0, 20)
  checks: HealthCheck[];
}

/** Every service answers `<service>.health` with the state of what it stands on. */
export const healthOf = (service: ServiceName) =>
  message(`${service}.health`, Nothing, Health, { timeoutMs: 1_500, idempotent: true });
