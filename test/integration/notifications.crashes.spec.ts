import { eventually } from '../support/eventually';
import { MailSuite } from '../support/mail-suite';

describe('mails', () => {
  let suite: MailSuite;

  beforeAll(async () => {
    suite = await MailSuite.start();
  });

  afterAll(() => suite.stop());

  beforeEach(() => suite.sandbox.turn({}));

  it('do not wait for ever for a mail server that hangs', async () => {
    await suite.sandbox.turn({ smtpDelayMs: 60_000 });
    const { key, to } = await suite.enqueue();
    await eventually(async () =>
      expect((await suite.mails.findOne({ _id: key }))?.error).toContain('longer than 3000 ms'),
    );
    await suite.sandbox.turn({});
    await suite.stateOf(key, 'sent');
    expect(await suite.sandbox.mailsTo(to)).toHaveLength(1);
  });

  it('find their sender again when Redis has been emptied', async () => {
    await suite.sandbox.turn({ smtpRefuse: 'temporary' });
    const { key, to } = await suite.enqueue();
    await eventually(async () => expect((await suite.mails.findOne({ _id: key }))?.error).toContain('451'));
    await suite.wires.redis.flushdb();
    await suite.sandbox.turn({});
    await suite.stateOf(key, 'sent');
    expect(await suite.sandbox.mailsTo(to)).toHaveLength(1);
  });

  it('are taken over when their sender is killed in the middle', async () => {
    await suite.sandbox.turn({ smtpDelayMs: 60_000 });
    const sent = await Promise.all(Array.from({ length: 6 }, () => suite.enqueue()));
    await eventually(async () => expect(await suite.mails.countDocuments({ state: 'sending' })).toBeGreaterThan(0));
    suite.replicas[0].process.kill('SIGKILL');
    await suite.sandbox.turn({});
    for (const { key, to } of sent) {
      await suite.stateOf(key, 'sent');
      expect(await suite.sandbox.mailsTo(to)).toHaveLength(1);
    }
    suite.replicas[0] = await suite.startReplica();
  });

  it('are sent once also when their sender was frozen, was taken over and woke up', async () => {
    await suite.replicas[1].stop();
    await suite.sandbox.turn({ smtpDelayMs: 300 });
    const { key, to } = await suite.enqueue();
    await eventually(async () => expect((await suite.mails.findOne({ _id: key }))?.state).toBe('sending'));
    suite.replicas[0].process.kill('SIGSTOP');
    await suite.sandbox.turn({});
    suite.replicas[1] = await suite.startReplica();
    await suite.stateOf(key, 'sent');
    suite.replicas[0].process.kill('SIGCONT');
    const { key: next } = await suite.enqueue();
    await suite.stateOf(next, 'sent');
    expect(new Set((await suite.sandbox.mailsTo(to)).map(({ messageId }) => messageId)).size).toBe(1);
    expect((await suite.mails.findOne({ _id: key }))?.state).toBe('sent');
  });

  it('wait out an end in good order: nothing in hand is lost or doubled', async () => {
    await suite.sandbox.turn({ smtpDelayMs: 200 });
    const sent = await Promise.all(Array.from({ length: 10 }, () => suite.enqueue()));
    await eventually(async () => expect(await suite.mails.countDocuments({ state: 'sending' })).toBeGreaterThan(0));
    expect(await suite.replicas[0].stop()).toBe(0);
    for (const { key, to } of sent) {
      expect((await suite.stateOf(key, 'sent')).claim).toBe(1);
      expect(await suite.sandbox.mailsTo(to)).toHaveLength(1);
    }
    suite.replicas[0] = await suite.startReplica();
  });
});
