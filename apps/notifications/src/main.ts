import 'reflect-metadata';
import { runService } from '@suite/platform';
import { NotificationsModule } from './notifications.module';

void runService({ service: 'notifications', module: NotificationsModule });
