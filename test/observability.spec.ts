import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { knownMetrics, unknownInQuery } from './architecture/metrics';

interface Rule {
  alert: string;
  expr: string;
  annotations: { summary: string; runbook: string };
}
interface Panel {
  title: string;
  targets?: { expr: string }[];
}

const read = (path: string) => readFileSync(join(__dirname, '..', path), 'utf8');
const [{ rules }] = (parse(read('docker/observability/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups;
const { panels } = JSON.parse(read('docker/observability/dashboard.json')) as { panels: Panel[] };
const known = knownMetrics(read('docs/METRICS.md'));
const headings = [...read('docs/RUNBOOK.md').matchAll(/^## (.+)\n\n(.+)/gm)].map(([, heading]) => heading);

describe('what watches the suite', () => {
  it('would find a metric that nobody measures, and a label that it does not have', () => {
    const tea = knownMetrics('| `tea_cups` | gauge | `kind` | Cups |\n| `tea_seconds` | histogram | | How long |\n');
    expect(unknownInQuery('max by (kind) (tea_cups{kind=~"green|black"}) > 3 and up == 1', tea)).toEqual([]);
    expect(unknownInQuery('histogram_quantile(0.9, sum by (le) (rate(tea_seconds_bucket[5m])))', tea)).toEqual([]);
    expect(unknownInQuery('nodejs_eventloop_lag_p99_seconds{job="tea"} > 1', tea)).toEqual([]);
    expect(unknownInQuery('rate(coffee_total[5m]) / tea_cups{sugar="2"}', tea)).toEqual([
      'coffee_total is measured by nobody',
      'tea_cups has no label sugar',
    ]);
    expect(unknownInQuery('tea_seconds > 1', tea)).toEqual(['tea_seconds is measured by nobody']);
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    'alert %s asks for what is measured',
    (_alert, { expr }) => {
      expect(unknownInQuery(expr, known)).toEqual([]);
    },
  );

  it('shows nothing on the dashboard that is not measured', () => {
    for (const { title, targets = [] } of panels) {
      expect([title, targets.flatMap(({ expr }) => unknownInQuery(expr, known))]).toEqual([title, []]);
    }
    expect(panels.flatMap(({ targets = [] }) => targets).length).toBeGreaterThan(20);
  });

  it('says in the runbook what to do about every alert, and about no other', () => {
    expect(rules.map(({ alert }) => alert).toSorted()).toEqual(headings.toSorted());
    for (const { alert, annotations } of rules)
      expect(annotations.runbook).toBe(`docs/RUNBOOK.md#${alert.toLowerCase()}`);
  });
});
