import { PickType } from '@nestjs/swagger';
import { roles, tiers, type Role, type Tier } from './caller';
import { fact, message, Nothing } from './contract';
import { EraseAccount, UserErased } from './erasure';
import {
  ChangesOf,
  IsFlag,
  IsId,
  IsListOf,
  IsMail,
  IsOneOf,
  IsPart,
  IsPassword,
  IsText,
  IsTime,
  IsTypedPassword,
  IsWhole,
} from './fields';
import { ById, PageMeta, PageQuery, TimeRange } from './reading';

/** A user as others may see it: never a password hash. */
export class User {
  @IsId()
  id: string;

  @IsMail()
  email: string;

  @IsText(0, 200, { example: 'Jo Doe' })
  name: string;

  @IsOneOf(roles)
  role: Role;

  @IsOneOf(tiers)
  tier: Tier;

  @IsTime()
  createdAt: string;
}

/** A user as admins see it. */
export class UserDetails extends User {
  @IsFlag()
  disabled: boolean;

  @IsFlag({ description: 'Has the e-mail address been verified?' })
  verified: boolean;
}

export class UserPage {
  @IsListOf(UserDetails, 0, 100)
  items: UserDetails[];

  @IsPart(PageMeta)
  meta: PageMeta;
}

export class Register {
  @IsMail()
  email: string;

  @IsPassword()
  password: string;

  @IsText(1, 200, { optional: true, example: 'Jo Doe' })
  name?: string;

  @IsOneOf(roles, { optional: true, description: 'Anything but `user` needs an admin’s token' })
  role?: Role;
}

/** The answer to a registration. */
export class RegisteredUser extends User {
  @IsFlag({ description: 'Was the user registered before, with the same idempotency key?' })
  replayed: boolean;
}

/** Where a login comes from, shown in the list of sessions. */
export class Device {
  @IsText(0, 500)
  userAgent: string;

  @IsText(0, 100)
  address: string;
}

export class Login {
  @IsMail()
  email: string;

  @IsTypedPassword()
  password: string;

  @IsPart(Device)
  device: Device;
}

export class Refresh {
  @IsText(1, 500)
  refreshToken: string;
}

export class Logout {
  @IsText(1, 500, { optional: true, description: 'Of a browser whose access token has ended' })
  refreshToken?: string;
}

/** What a login or a refresh answers with. */
export class Tokens {
  @IsText(1, 4_000, { description: 'The access token (JWT)' })
  token: string;

  @IsText(1, 500)
  refreshToken: string;

  @IsWhole(1, 31_536_000, { description: 'Seconds until the access token ends', example: 900 })
  expiresIn: number;

  @IsPart(User)
  user: User;
}

export class UpdateProfile extends ChangesOf(PickType(User, ['email'])) {
  @IsText(1, 200, { optional: true, example: 'Jo Doe' })
  name?: string;
}

export class ChangePassword {
  @IsTypedPassword()
  currentPassword: string;

  @IsPassword()
  newPassword: string;
}

export class ForgotPassword extends PickType(User, ['email']) {}

export class ResetPassword {
  @IsText(1, 200, { description: 'From the mail' })
  token: string;

  @IsPassword()
  newPassword: string;
}

export class VerifyEmail extends PickType(ResetPassword, ['token']) {}

export class Session {
  @IsId()
  id: string;

  @IsText(0, 500)
  userAgent: string;

  @IsText(0, 100)
  address: string;

  @IsFlag({ description: 'Is it the one that asks?' })
  current: boolean;

  @IsTime()
  createdAt: string;

  @IsTime()
  lastUsedAt: string;
}

export class SessionList {
  @IsListOf(Session, 0, 1_000)
  items: Session[];
}

export class UserQuery extends PageQuery {
  @IsText(1, 200, { optional: true, description: 'Part of the name or of the e-mail address' })
  q?: string;

  @IsOneOf(roles, { optional: true })
  role?: Role;

  @IsOneOf(tiers, { optional: true })
  tier?: Tier;
}

/** Users who registered in that time. */
export class CountUsers extends TimeRange {
  @IsOneOf(tiers, { optional: true, description: 'Those who are of it now' })
  tier?: Tier;
}

export class UserCount {
  @IsWhole(0, Number.MAX_SAFE_INTEGER)
  users: number;
}

export class UpdateUser extends ChangesOf(PickType(UserDetails, ['role', 'tier', 'disabled'])) {
  @IsId()
  id: string;

  @IsText(1, 200, { optional: true })
  name?: string;
}

/** A login is over: it was logged out, ended by its user or an admin, or its account is no more. */
export class SessionEnded {
  @IsId()
  sessionId: string;

  @IsId()
  userId: string;
}

export const auth = {
  /**
   * EMAIL_TAKEN; FORBIDDEN for a role other than `user` unless an admin asks. With an idempotency key it may be repeated:
   * the answer is the first one; the same address and key with anything else is IDEMPOTENCY_KEY_REUSED.
   */
  register: message('auth.register', Register, RegisteredUser),
  /** INVALID_CREDENTIALS; RATE_LIMITED after 10 wrong passwords; OVERLOADED when too many passwords wait to be hashed. */
  login: message('auth.login', Login, Tokens),
  /** INVALID_REFRESH_TOKEN, REFRESH_TOKEN_REUSED. Safe to repeat: the successor of a refresh token is derived from it. */
  refresh: message('auth.refresh', Refresh, Tokens, { idempotent: true }),
  /** Ends the caller's session; without a caller that of the refresh token. UNAUTHORIZED without either. */
  logout: message('auth.logout', Logout, Nothing, { idempotent: true }),
  profile: message('auth.profile', Nothing, User, { idempotent: true }),
  /** EMAIL_TAKEN. A new address is unverified until the mail that goes to it is answered. */
  updateProfile: message('auth.updateProfile', UpdateProfile, User, { idempotent: true }),
  /** INVALID_CREDENTIALS, RATE_LIMITED, OVERLOADED. Ends the other sessions. */
  changePassword: message('auth.changePassword', ChangePassword, Nothing),
  /** The same answer whether there is such a user or not. */
  forgotPassword: message('auth.forgotPassword', ForgotPassword, Nothing),
  /** INVALID_TOKEN, OVERLOADED. Ends all sessions. */
  resetPassword: message('auth.resetPassword', ResetPassword, Nothing),
  /** INVALID_TOKEN. */
  verifyEmail: message('auth.verifyEmail', VerifyEmail, Nothing),
  /** The caller's own, newest first. */
  sessions: message('auth.sessions', Nothing, SessionList, { idempotent: true }),
  /** SESSION_NOT_FOUND for what is not the caller's own. */
  endSession: message('auth.endSession', ById, Nothing, { idempotent: true }),
  /** The four below are for admins: FORBIDDEN. */
  countUsers: message('auth.countUsers', CountUsers, UserCount, { idempotent: true }),
  listUsers: message('auth.listUsers', UserQuery, UserPage, { idempotent: true }),
  /** USER_NOT_FOUND. */
  getUser: message('auth.getUser', ById, UserDetails, { idempotent: true }),
  /** USER_NOT_FOUND, LAST_ADMIN. Disabling ends the user's sessions; another role or tier makes them ask for new tokens. */
  updateUser: message('auth.updateUser', UpdateUser, UserDetails, { idempotent: true }),
  /** The caller's own account: INVALID_CREDENTIALS, LAST_ADMIN, RATE_LIMITED, OVERLOADED. */
  erase: message('auth.erase', EraseAccount, Nothing, { idempotent: true }),
  /** For admins: USER_NOT_FOUND, LAST_ADMIN. */
  eraseUser: message('auth.eraseUser', ById, Nothing, { idempotent: true }),

  /** Told at once, and once more when nothing that had begun before can be under way any more. */
  userErased: fact('auth.userErased', UserErased, ({ userId }) => userId),
  /** Told once the session's access tokens are refused. Sessions that nobody ends, and that expire, are not told. */
  sessionEnded: fact('auth.sessionEnded', SessionEnded, ({ sessionId }) => sessionId),
};
