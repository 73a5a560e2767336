import { randomUUID } from 'node:crypto';
import { Body, Controller, Headers, HttpCode, HttpException, Post } from '@nestjs/common';
import { Allow, IsObject } from 'class-validator';
import { MailboxService } from './mailbox.service';
import { SwitchesService } from './switches.service';

class OutboundEmailBody {
  @IsObject()
  Content: { Raw?: { Data?: string } };

  @Allow()
  FromEmailAddress?: string;

  @Allow()
  Destination?: { ToAddresses?: string[] };
}

/** An error as AWS' REST-JSON protocol writes it: https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html */
const refusal = (status: number, name: string, message: string) => new HttpException({ __type: name, message }, status);

/**
 * The one call of SES that sends a raw mail, for the AWS SDK as it is: what it accepts lies in the mailbox.
 * https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
 */
@Controller('v2/email/outbound-emails')
export class SesController {
  constructor(
    private readonly mailbox: MailboxService,
    private readonly switches: SwitchesService,
  ) {}

  @Post()
  @HttpCode(200)
  async send(
    @Body() body: OutboundEmailBody,
    @Headers('authorization') signature = '',
  ): Promise<{ MessageId: string }> {
    if (!signature.startsWith('AWS4-HMAC-SHA256 Credential=')) {
      throw refusal(403, 'MissingAuthenticationTokenException', 'The request is not signed');
    }
    const { Content, FromEmailAddress = '', Destination } = body;
    const to = Destination?.ToAddresses ?? [];
    const refused = this.switches.refusalOf(to.join());
    if (refused === 'temporary') throw refusal(429, 'TooManyRequestsException', 'Refused for now, by the switch');
    if (refused === 'permanent') throw refusal(400, 'MessageRejected', 'Refused for good, by the switch');
    if (!Content.Raw?.Data || to.length === 0) throw refusal(400, 'BadRequestException', 'Nothing to send, or nobody');
    const address = /<([^>]+)>/.exec(FromEmailAddress)?.[1] ?? FromEmailAddress;
    await this.mailbox.add({ from: address, to }, Buffer.from(Content.Raw.Data, 'base64'));
    return { MessageId: randomUUID() };
  }
}
