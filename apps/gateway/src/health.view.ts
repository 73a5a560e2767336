import { IsOneOf, IsRecord } from '@suite/contracts';

/** Terminus' shape. */
export class HealthView {
  @IsOneOf(['ok', 'error', 'shutting_down'])
  status: string;

  @IsRecord({ description: 'What is up', example: { redis: { status: 'up' } } })
  info: Record<string, unknown>;

  @IsRecord({ description: 'What is not, and why', example: {} })
  error: Record<string, unknown>;

  @IsRecord({ description: 'Both', example: { redis: { status: 'up' } } })
  details: Record<string, unknown>;
}
