import { AdmissionService } from './admission.service';

describe('the admission of orders', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const never = () => new Promise<never>(() => undefined);
  const crowd = (admission: AdmissionService, count: number) => {
    for (let i = 0; i < count; i++) void admission.admit('vip', never);
  };
  const enter = (admission: AdmissionService, tier: 'vip' | 'standard') =>
    admission.admit(tier, () => Promise.resolve('served'));

  it('welcomes a thousand at once', async () => {
    const admission = new AdmissionService();
    crowd(admission, 1_000);
    await expect(enter(admission, 'standard')).resolves.toBe('served');
  });

  it('turns standard orders away before VIPs when many have waited too long, and few say nothing', async () => {
    const [few, many, far] = [new AdmissionService(), new AdmissionService(), new AdmissionService()];
    crowd(few, 100);
    crowd(many, 200);
    crowd(far, 300);
    jest.advanceTimersByTime(1_050);
    const overloaded = { code: 'OVERLOADED', extra: { retryAfter: 1 } };
    await expect(enter(few, 'standard')).resolves.toBe('served');
    await expect(enter(many, 'standard')).rejects.toMatchObject(overloaded);
    await expect(enter(many, 'vip')).resolves.toBe('served');
    await expect(enter(far, 'vip')).rejects.toMatchObject(overloaded);
  });

  it('lets them in again once the others have their answers', async () => {
    const admission = new AdmissionService();
    let answer = () => {};
    const answered = new Promise<void>((resolve) => (answer = resolve));
    const others = Array.from({ length: 300 }, () => admission.admit('vip', () => answered));
    jest.advanceTimersByTime(1_050);
    await expect(enter(admission, 'vip')).rejects.toMatchObject({ code: 'OVERLOADED' });
    answer();
    await Promise.all(others);
    await expect(enter(admission, 'standard')).resolves.toBe('served');
  });
});
