import { Controller } from '@nestjs/common';
import { notifications, type ChangeMailPreferences, type MailPreferences, type Nothing } from '@suite/contracts';
import { Answers, callerOf } from '@suite/platform';
import { MailPreferencesService } from './mail-preferences.service';

@Controller()
export class MailPreferencesController {
  constructor(private readonly preferences: MailPreferencesService) {}

  @Answers(notifications.mailPreferences)
  get(_body: Nothing): Promise<MailPreferences> {
    return this.preferences.of(callerOf().userId);
  }

  @Answers(notifications.setMailPreferences)
  set(changes: ChangeMailPreferences): Promise<MailPreferences> {
    return this.preferences.change(callerOf().userId, changes);
  }
}
