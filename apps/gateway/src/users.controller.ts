import { Body, Controller, Delete, Get, Param, Patch, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { auth, UserQuery } from '@suite/contracts';
import { Bus } from '@suite/platform';
import { Roles } from './access';
import { UpdateUserBody } from './account-bodies';
import { Described } from './described';
import { success, successPage, type Success } from './envelope';
import { UserDetailsView, userDetailsView } from './user.view';

@ApiTags('Users (admin)')
@Controller('users')
@Roles('admin')
export class UsersController {
  constructor(private readonly bus: Bus) {}

  @Get()
  @Described({ summary: 'List users', data: [UserDetailsView], problems: ['UNAUTHORIZED', 'FORBIDDEN'] })
  async list(@Query() query: UserQuery): Promise<Success<UserDetailsView[]>> {
    return successPage(await this.bus.ask(auth.listUsers, query), userDetailsView);
  }

  @Get(':id')
  @Described({
    summary: 'Look at a user',
    data: UserDetailsView,
    params: { id: 'userId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'USER_NOT_FOUND'],
  })
  async get(@Param('id') id: string): Promise<Success<UserDetailsView>> {
    return success(userDetailsView(await this.bus.ask(auth.getUser, { id })));
  }

  @Patch(':id')
  @Described({
    summary: 'Change role, tier or name, or disable',
    description: 'Running sessions end, or renew their tokens, at once.',
    data: UserDetailsView,
    examples: { 'a tier': { tier: 'standard' } },
    params: { id: 'userId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'USER_NOT_FOUND', 'LAST_ADMIN'],
  })
  async update(@Param('id') id: string, @Body() body: UpdateUserBody): Promise<Success<UserDetailsView>> {
    return success(userDetailsView(await this.bus.ask(auth.updateUser, { ...body, id })));
  }

  @Delete(':id')
  @Described({
    summary: 'Erase a user',
    description:
      'As users erase themselves, without their password. The example erases the newest account that the examples have ' +
      'opened.',
    status: 204,
    params: { id: 'demoUserId' },
    problems: ['UNAUTHORIZED', 'FORBIDDEN', 'USER_NOT_FOUND', 'LAST_ADMIN'],
  })
  async erase(@Param('id') id: string): Promise<void> {
    await this.bus.ask(auth.eraseUser, { id });
  }
}
