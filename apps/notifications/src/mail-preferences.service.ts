import { Injectable } from '@nestjs/common';
import { InjectModel } from '@nestjs/mongoose';
import {
  isOptionalMail,
  optionalMailKinds,
  type ChangeMailPreferences,
  type MailPreferences,
  type OptionalMailKind,
} from '@suite/contracts';
import { Types, type Model } from 'mongoose';
import { MailPreferenceRecord } from './mail-preference.schema';
import type { MailRecord } from './mail.schema';

/** Which mails people want. Looked at when a mail is sent: what was switched off while it waited is not sent any more. */
@Injectable()
export class MailPreferencesService {
  constructor(@InjectModel(MailPreferenceRecord.name) private readonly preferences: Model<MailPreferenceRecord>) {}

  async of(userId: string): Promise<MailPreferences> {
    return preferencesOf(await this.preferences.findById(userId).lean());
  }

  /** One update, so that two devices that switch different kinds at once do not undo each other. */
  async change(userId: string, changes: ChangeMailPreferences): Promise<MailPreferences> {
    const named = (wanted: boolean) => optionalMailKinds.filter((kind) => changes[kind] === wanted);
    const before = { $ifNull: ['$off', []] };
    const off = { $setUnion: [{ $setDifference: [before, named(true)] }, named(false)] };
    const changed = await this.preferences
      .findOneAndUpdate({ _id: new Types.ObjectId(userId) }, [{ $set: { off } }], {
        upsert: true,
        returnDocument: 'after',
        updatePipeline: true,
      })
      .lean();
    return preferencesOf(changed);
  }

  async wants({ kind, userId }: Pick<MailRecord, 'kind' | 'userId'>): Promise<boolean> {
    if (!isOptionalMail(kind) || userId === undefined) return true;
    return (await this.preferences.exists({ _id: userId, off: kind })) === null;
  }

  async erase(userId: string): Promise<void> {
    await this.preferences.deleteOne({ _id: new Types.ObjectId(userId) });
  }
}

const preferencesOf = (record: MailPreferenceRecord | null): MailPreferences => {
  const off = new Set<OptionalMailKind>(record?.off);
  return Object.fromEntries(optionalMailKinds.map((kind) => [kind, !off.has(kind)])) as unknown as MailPreferences;
};
