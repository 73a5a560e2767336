import { IsText, message } from '@suite/contracts';

/** As much as a small order. */
export class Echo {
  @IsText(1, 1_000)
  text: string;
}

export const echo = message('stock.echo', Echo, Echo, { idempotent: true });
/** The same, over the transport that Nest brings. */
export const PLAIN_ECHO = 'echo';

export const aText = 'x'.repeat(200);
