import { Global, Module } from '@nestjs/common';
import { provideSettings } from '@suite/platform';
import { GateService } from './gate.service';
import { GatewayConfig } from './gateway.config';
import { Origins } from './origins';
import { SessionService } from './session.service';

/** What stands at the door: settings, sessions, origins, and the one question to Redis. */
@Global()
@Module({
  providers: [provideSettings(GatewayConfig), GateService, Origins, SessionService],
  exports: [GatewayConfig, GateService, Origins, SessionService],
})
export class GateModule {}
