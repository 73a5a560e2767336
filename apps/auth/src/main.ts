import 'reflect-metadata';
import { runService } from '@suite/platform';
import { AuthModule } from './auth.module';

void runService({ service: 'auth', module: AuthModule });
