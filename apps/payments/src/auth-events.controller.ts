import { Controller } from '@nestjs/common';
import { auth, type UserErased } from '@suite/contracts';
import { Hears } from '@suite/platform';
import { ErasingService } from './erasing.service';

@Controller()
export class AuthEventsController {
  constructor(private readonly erasing: ErasingService) {}

  @Hears(auth.userErased)
  async userErased({ userId }: UserErased): Promise<void> {
    await this.erasing.erase(userId);
  }
}
