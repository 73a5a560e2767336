export const roles = ['user', 'admin'] as const;
export type Role = (typeof roles)[number];

export const tiers = ['standard', 'vip'] as const;
export type Tier = (typeof tiers)[number];

/** Who asks: what the access token says. It travels beside every message, never in its body. */
export interface Caller {
  userId: string;
  sessionId: string;
  role: Role;
  tier: Tier;
  email: string;
  name: string;
}
