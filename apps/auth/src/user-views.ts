import type { Session, User, UserDetails } from '@suite/contracts';
import type { SessionRecord } from './session.schema';
import type { UserRecord } from './user.schema';

/** What leaves the service: whitelists, field by field. */
export const userView = (user: UserRecord): User => ({
  id: String(user._id),
  email: user.email,
  name: user.name,
  role: user.role,
  tier: user.tier,
  createdAt: user.createdAt.toISOString(),
});

/** For admins. */
export const userDetails = (user: UserRecord): UserDetails => ({
  ...userView(user),
  disabled: user.disabled,
  verified: user.verified,
});

export const sessionView = (session: SessionRecord, callersSessionId: string): Session => ({
  id: String(session._id),
  userAgent: session.userAgent,
  address: session.address,
  current: String(session._id) === callersSessionId,
  createdAt: session.createdAt.toISOString(),
  lastUsedAt: session.lastUsedAt.toISOString(),
});
