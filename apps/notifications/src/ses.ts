import type { NotificationsConfig } from './notifications.config';

type Access = Pick<
  NotificationsConfig,
  'AWS_REGION' | 'AWS_SES_SENDER_EMAIL' | 'AWS_ACCESS_KEY_ID' | 'AWS_SECRET_ACCESS_KEY' | 'AWS_SES_ENDPOINT'
>;

/** Is mail sent through AWS SES? */
export const usesSes = ({ AWS_REGION, AWS_SES_SENDER_EMAIL }: Access): boolean =>
  Boolean(AWS_REGION && AWS_SES_SENDER_EMAIL);

/**
 * nodemailer's options for SES, through the AWS SDK, which is loaded only for this. It is not to try again by itself: only
 * the queue knows whether a mail may be repeated.
 */
export async function sesOptions(settings: Access & Pick<NotificationsConfig, 'MAIL_TIMEOUT_MS'>) {
  const { SESv2Client, SendEmailCommand } = await import('@aws-sdk/client-sesv2');
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SES_ENDPOINT, MAIL_TIMEOUT_MS } = settings;
  const sesClient = new SESv2Client({
    region: AWS_REGION,
    maxAttempts: 1,
    requestHandler: { requestTimeout: MAIL_TIMEOUT_MS, connectionTimeout: MAIL_TIMEOUT_MS / 2 },
    ...(AWS_SES_ENDPOINT && { endpoint: AWS_SES_ENDPOINT }),
    // Otherwise the SDK looks for them itself: in a profile, or in the role of the machine.
    ...(AWS_ACCESS_KEY_ID &&
      AWS_SECRET_ACCESS_KEY && {
        credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
      }),
  });
  return { SES: { sesClient, SendEmailCommand }, disableFileAccess: true, disableUrlAccess: true };
}

/** SES' own words for a mail that it will never take; all else is about the account, or passes. */
const REFUSALS = new Set(['MessageRejected', 'BadRequestException']);

/** https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html#API_SendEmail_Errors */
export const isSesRefusal = (error: unknown): boolean => REFUSALS.has((error as { name?: string }).name ?? '');
