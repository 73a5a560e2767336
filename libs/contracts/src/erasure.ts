import { IsId, IsTime, IsTypedPassword } from './fields';

/** What stands in the place of a person who was erased. The address can belong to nobody (RFC 2606), so nobody is mailed. */
export const ERASED = { email: 'erased@erased.invalid', name: 'Erased', text: 'erased' };

export class EraseAccount {
  @IsTypedPassword()
  password: string;
}

/** An account is no more: whoever keeps something of its person forgets it. */
export class UserErased {
  @IsId()
  userId: string;

  @IsTime()
  at: string;
}
