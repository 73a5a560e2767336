import { SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Role } from '@suite/contracts';

/**
 * Who may call a route. Without a decorator: whoever is signed in.
 *
 * - `anyone`: a session is used if there is one. A bad Bearer token is 401 all the same, since the client believes to be
 *   signed in; a bad cookie counts as none, since browsers send it by themselves and a shop window must stay open.
 * - `door`: where sessions begin and end. A token that is not good is as good as none.
 * - `nobody`: tokens are not looked at, and neither is Redis: it answers whatever is away.
 */
export type Access = 'signed-in' | 'anyone' | 'door' | 'nobody' | Role;

const ACCESS = 'access';
export const Public = () => SetMetadata(ACCESS, 'anyone' satisfies Access);
export const Door = () => SetMetadata(ACCESS, 'door' satisfies Access);
export const Unasked = () => SetMetadata(ACCESS, 'nobody' satisfies Access);
export const Roles = (role: Role) => SetMetadata(ACCESS, role satisfies Access);

/** May the request go on as if no token had been sent? */
export const forgivesBadToken = (access: Access, fromCookie: boolean): boolean =>
  access === 'door' || (access === 'anyone' && fromCookie);

export const needsSession = (access: Access): boolean => !['anyone', 'door', 'nobody'].includes(access);

export const accessOf = (context: ExecutionContext): Access =>
  (Reflect.getMetadata(ACCESS, context.getHandler()) as Access | undefined) ??
  (Reflect.getMetadata(ACCESS, context.getClass()) as Access | undefined) ??
  'signed-in';
