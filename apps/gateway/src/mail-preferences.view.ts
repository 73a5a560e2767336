import { ChangeMailPreferences, MailPreferences, optionalMailKinds } from '@suite/contracts';

export class MailPreferencesView extends MailPreferences {}

export class MailPreferencesBody extends ChangeMailPreferences {}

/** A whitelist: the kinds that people may do without. */
export const mailPreferencesView = (preferences: MailPreferences): MailPreferencesView =>
  Object.fromEntries(optionalMailKinds.map((kind) => [kind, preferences[kind]])) as unknown as MailPreferencesView;
