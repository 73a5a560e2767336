import { OmitType } from '@nestjs/swagger';
import { IsText, Session, Tokens, User, UserDetails } from '@suite/contracts';

export class UserView extends User {}

export class UserDetailsView extends UserDetails {}

export class TokensView extends OmitType(Tokens, []) {}

export class SessionView extends Session {}

export class MessageView {
  @IsText(1, 500)
  message: string;
}

export const userView = ({ id, email, name, role, tier, createdAt }: User): UserView => ({
  id,
  email,
  name,
  role,
  tier,
  createdAt,
});

export const userDetailsView = (user: UserDetails): UserDetailsView => ({
  ...userView(user),
  disabled: user.disabled,
  verified: user.verified,
});

export const tokensView = ({ token, refreshToken, expiresIn, user }: Tokens): TokensView => ({
  token,
  refreshToken,
  expiresIn,
  user: userView(user),
});

export const sessionView = ({ id, userAgent, address, current, createdAt, lastUsedAt }: Session): SessionView => ({
  id,
  userAgent,
  address,
  current,
  createdAt,
  lastUsedAt,
});
