import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import { MongoLink } from '@suite/platform';
import type { Model } from 'mongoose';
import { AuthConfig } from './auth.config';
import { RegistrationService, type NewUser } from './registration.service';
import { UserRecord } from './user.schema';

const DEMO_USERS: NewUser[] = [
  { email: 'admin@example.com', password: 'admin123', name: 'Ada Admin', role: 'admin' },
  { email: 'user@example.com', password: 'user123', name: 'Uma User' },
  { email: 'vip@example.com', password: 'vip123', name: 'Vic Vip', tier: 'vip' },
];

/** The users that are there before anybody registers: the first admin, and in a demonstration three to try it with. */
@Injectable()
export class FirstUsersService implements OnApplicationBootstrap {
  private readonly log = new Logger(FirstUsersService.name);

  constructor(
    @InjectModel(UserRecord.name) private readonly users: Model<UserRecord>,
    private readonly registration: RegistrationService,
    private readonly mongo: MongoLink,
    private readonly config: AuthConfig,
  ) {}

  /** Waits for them if the database is there, so that a started service can be logged in to. */
  async onApplicationBootstrap(): Promise<void> {
    const made = this.mongo.whenOpen().then(() => this.make());
    if (!this.mongo.away) return made;
    made.catch((error: Error) => this.log.error(`The first users could not be made: ${error.message}`));
  }

  private async make(): Promise<void> {
    const { ADMIN_EMAIL, ADMIN_PASSWORD, SEED_DEMO } = this.config;
    if (SEED_DEMO) for (const user of DEMO_USERS) await this.ensure(user);
    if (ADMIN_EMAIL === '' || (await this.users.exists({ role: 'admin' }))) return;
    const admin = await this.ensure({ email: ADMIN_EMAIL, password: ADMIN_PASSWORD, role: 'admin' });
    if (admin) this.log.log(`Made the first admin, ${ADMIN_EMAIL}`);
    else if (!(await this.users.exists({ role: 'admin' }))) {
      this.log.error(`There is no admin, and ADMIN_EMAIL ${ADMIN_EMAIL} belongs to a user, who is not promoted`);
    }
  }

  /** Of several replicas that start at once one makes it. Addresses that were set by hand need no proof. */
  private async ensure(user: NewUser): Promise<UserRecord | undefined> {
    if (await this.users.exists({ email: user.email.toLowerCase() })) return undefined;
    return this.registration.create(user, { verified: true });
  }
}
