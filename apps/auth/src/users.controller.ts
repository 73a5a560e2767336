import { Controller } from '@nestjs/common';
import {
  auth,
  type ById,
  type ChangePassword,
  type CountUsers,
  type EraseAccount,
  type Nothing,
  type UpdateProfile,
  type UpdateUser,
} from '@suite/contracts';
import type { User, UserCount, UserDetails, UserPage, UserQuery } from '@suite/contracts';
import { Answers, callerOf, requireAdmin } from '@suite/platform';
import { AccountService } from './account.service';
import { ErasingService } from './erasing.service';
import { userDetails, userView } from './user-views';
import { UsersService } from './users.service';

/** Users: oneself, and for admins everybody. */
@Controller()
export class UsersController {
  constructor(
    private readonly account: AccountService,
    private readonly users: UsersService,
    private readonly erasing: ErasingService,
  ) {}

  @Answers(auth.profile)
  async profile(_body: Nothing): Promise<User> {
    return userView(await this.users.present(callerOf().userId));
  }

  @Answers(auth.updateProfile)
  async updateProfile(body: UpdateProfile): Promise<User> {
    return userView(await this.account.updateProfile(callerOf(), body));
  }

  @Answers(auth.changePassword)
  async changePassword(body: ChangePassword): Promise<Nothing> {
    await this.account.changePassword(callerOf(), body);
    return {};
  }

  @Answers(auth.countUsers)
  count(query: CountUsers): Promise<UserCount> {
    requireAdmin();
    return this.users.count(query);
  }

  @Answers(auth.listUsers)
  list(query: UserQuery): Promise<UserPage> {
    requireAdmin();
    return this.users.list(query);
  }

  @Answers(auth.getUser)
  async get({ id }: ById): Promise<UserDetails> {
    requireAdmin();
    return userDetails(await this.users.find(id));
  }

  @Answers(auth.updateUser)
  async update(body: UpdateUser): Promise<UserDetails> {
    requireAdmin();
    return userDetails(await this.users.update(body));
  }

  @Answers(auth.erase)
  async erase(body: EraseAccount): Promise<Nothing> {
    await this.erasing.eraseOwn(callerOf(), body);
    return {};
  }

  @Answers(auth.eraseUser)
  async eraseUser({ id }: ById): Promise<Nothing> {
    const { userId } = requireAdmin();
    await this.erasing.eraseUser(id, userId);
    return {};
  }
}
