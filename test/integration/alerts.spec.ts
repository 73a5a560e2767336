import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from '../support/launcher';

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: Record<string, string>;
}

/** Figures of one time series, one a minute: from, by how much it changes each time, how often. */
type Figures = Record<string, string>;

interface Case {
  /** It fires at these. */
  trouble: Figures;
  /** And not at these, though something is there to look at. */
  peace: Figures;
  /** Which one it names, beside its severity. */
  labels?: Record<string, string>;
}

const FILE = 'docker/observability/alerts.yml';
const [{ rules }] = (parse(readFileSync(join(root, FILE), 'utf8')) as { groups: { rules: Rule[] }[] }).groups;
/** When it is looked, in minutes. */
const AT = 30;
const always = (value: number) => `${value}x${AT}`;
const growing = (by: number) => `0+${by}x${AT}`;
const le = (bound: string) => `le="${bound}"`;

/** Of a histogram: so many a minute that took at most a second, and so many that took 60. */
const took = (metric: string, labels: string, quick: number, slow: number): Figures => ({
  [`${metric}_bucket{${labels},${le('1')}}`]: growing(quick),
  [`${metric}_bucket{${labels},${le('60')}}`]: growing(quick + slow),
  [`${metric}_bucket{${labels},${le('+Inf')}}`]: growing(quick + slow),
});

const cases: Record<string, Case> = {
  ProcessDown: {
    trouble: { 'up{job="stock"}': always(0) },
    peace: { 'up{job="stock"}': always(1) },
    labels: { job: 'stock' },
  },
  StoreAway: {
    trouble: { 'health_check_up{job="stock",check="mongodb"}': always(0) },
    peace: { 'health_check_up{job="stock",check="mongodb"}': always(1) },
    labels: { job: 'stock', check: 'mongodb' },
  },
  RequestsFail: {
    trouble: {
      'http_request_seconds_count{status="503"}': growing(3),
      'http_request_seconds_count{status="200"}': growing(97),
    },
    peace: {
      'http_request_seconds_count{status="503"}': growing(1),
      'http_request_seconds_count{status="404"}': growing(99),
    },
  },
  AnswersAreSlow: {
    trouble: took('http_request_seconds', 'method="GET",route="/orders"', 90, 10),
    peace: {
      ...took('http_request_seconds', 'method="GET",route="/orders"', 1_000, 1),
      ...took('http_request_seconds', 'method="GET",route="/orders/:id/events"', 0, 10),
    },
    labels: { method: 'GET', route: '/orders' },
  },
  OrdersAreTurnedAway: {
    trouble: { 'http_orders_turned_away_total{lane="standard"}': growing(3) },
    peace: { 'orders_turned_away_total{lane="standard",cause="queue"}': always(50) },
    labels: { lane: 'standard' },
  },
  OrdersAreNotProcessed: {
    trouble: { 'orders_queued{lane="vip"}': always(5), 'orders_processed_total{outcome="CONFIRMED"}': always(100) },
    peace: { 'orders_queued{lane="vip"}': always(5), 'orders_processed_total{outcome="CONFIRMED"}': growing(10) },
  },
  OrdersWait: {
    trouble: took('orders_queue_wait_seconds', 'lane="standard",promoted="true"', 10, 90),
    peace: took('orders_queue_wait_seconds', 'lane="standard",promoted="false"', 99, 1),
    labels: { lane: 'standard' },
  },
  OutboxLags: {
    trouble: { 'orders_oldest_debt_seconds{debt="tell"}': always(90) },
    peace: { 'orders_oldest_debt_seconds{debt="tell"}': always(30) },
    labels: { debt: 'tell' },
  },
  DeadLetters: { trouble: { dead_letters_open: always(1) }, peace: { dead_letters_open: always(0) } },
  DeadMails: { trouble: { dead_mails_open: always(1) }, peace: { dead_mails_open: always(0) } },
  MessagesGivenUp: {
    trouble: { 'transport_dead_letters_total{stream="ev:{orders}"}': growing(1) },
    peace: { 'transport_dead_letters_total{stream="ev:{orders}"}': always(7) },
    labels: { stream: 'ev:{orders}' },
  },
  InboxGrows: {
    trouble: { 'transport_inbox_messages{job="stock"}': always(9_000) },
    peace: { 'transport_inbox_messages{job="stock"}': always(400) },
    labels: { job: 'stock' },
  },
  WebhooksFail: { trouble: { webhooks_failed: always(1) }, peace: { webhooks_failed: always(0) } },
  PaymentsLag: { trouble: { payments_due: always(30) }, peace: { payments_due: always(3) } },
  ProviderFails: {
    trouble: {
      'payment_provider_seconds_count{provider="stripe",outcome="away"}': growing(8),
      'payment_provider_seconds_count{provider="stripe",outcome="answered"}': growing(2),
    },
    peace: {
      'payment_provider_seconds_count{provider="stripe",outcome="away"}': growing(1),
      'payment_provider_seconds_count{provider="stripe",outcome="refused"}': growing(9),
    },
    labels: { provider: 'stripe' },
  },
  StockDrifts: {
    trouble: { 'audit_drifting{rule="ledger"}': always(1) },
    peace: { 'audit_drifting{rule="ledger"}': always(0) },
    labels: { rule: 'ledger' },
  },
  StockConflicts: {
    trouble: { stock_conflicts_total: growing(60), 'group_commit_batch_items_count{group="ledger"}': growing(100) },
    peace: {
      stock_conflicts_total: growing(10),
      'group_commit_batch_items_count{group="ledger"}': growing(100),
      'group_commit_batch_items_count{group="orders"}': growing(1),
    },
  },
  EventLoopLags: {
    trouble: { 'nodejs_eventloop_lag_p99_seconds{job="gateway"}': always(0.5) },
    peace: { 'nodejs_eventloop_lag_p99_seconds{job="gateway"}': always(0.02) },
    labels: { job: 'gateway' },
  },
};

const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const promtool = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/promtool.mjs', ...args], { cwd: root, encoding: 'utf8' });

/** There is one wherever there is apt; elsewhere these are left out, but never in CI. */
const withPromtool = process.env.CI || promtool('--version').status === 0 ? describe : describe.skip;

/** What promtool says of one alert at these figures: whether it fires as it should, or does not. */
function tried(rule: Rule, figures: Figures, fires: boolean, { labels = {} }: Case) {
  const file = join(folder, `${rule.alert}.${fires ? 'trouble' : 'peace'}.yml`);
  const firing = { exp_labels: { ...rule.labels, ...labels }, exp_annotations: rule.annotations };
  const test = {
    interval: '1m',
    input_series: Object.entries(figures).map(([series, values]) => ({ series, values })),
    alert_rule_test: [{ eval_time: `${AT}m`, alertname: rule.alert, exp_alerts: fires ? [firing] : [] }],
  };
  writeFileSync(file, stringify({ rule_files: [join(root, FILE)], evaluation_interval: '1m', tests: [test] }));
  return promtool('test', 'rules', file);
}

withPromtool('an alert', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s fires when it should, and then alone',
    (alert, rule) => {
      expect(cases).toHaveProperty(alert);
      const { trouble, peace } = cases[alert];
      expect(tried(rule, trouble, true, cases[alert])).toMatchObject({ status: 0 });
      expect(tried(rule, peace, false, cases[alert])).toMatchObject({ status: 0 });
      // That the tool would notice: what is expected the other way round is an error.
      expect(tried(rule, peace, true, cases[alert])).not.toMatchObject({ status: 0 });
    },
  );

  it('is written as Prometheus wants it, and so is its configuration', () => {
    expect(promtool('check', 'config', 'docker/observability/prometheus.yml')).toMatchObject({ status: 0 });
  });
});

it('comes from every process: Prometheus looks for each by its name', () => {
  const kinds = "import('./scripts/lib/processes.mjs').then((all) => console.log(JSON.stringify(all.processKinds)))";
  const names = (
    JSON.parse(execFileSync(process.execPath, ['-e', kinds], { cwd: root, encoding: 'utf8' })) as {
      name: string;
      neverInProduction?: boolean;
    }[]
  )
    .filter(({ neverInProduction }) => !neverInProduction)
    .map(({ name }) => name);
  const config = readFileSync(join(root, 'docker/observability/prometheus.yml'), 'utf8');
  const [{ dns_sd_configs }] = (
    parse(config) as { scrape_configs: { dns_sd_configs: { names: string[]; port: number }[] }[] }
  ).scrape_configs;
  expect(dns_sd_configs[0].names.toSorted()).toEqual(names.toSorted());
  expect(readFileSync(join(root, 'docker/compose.yml'), 'utf8')).toContain(`INTERNAL_PORT: ${dns_sd_configs[0].port}`);
});
