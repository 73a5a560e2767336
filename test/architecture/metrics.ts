import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Violations } from './source';

/** Of each metric, by the names of its series: what its labels are. */
export type KnownMetrics = Map<string, string[]>;

/** What Prometheus itself adds to every series. */
const OF_PROMETHEUS = ['job', 'instance'];

/** What docs/METRICS.md says that there is, and what any Node process has. */
export function knownMetrics(page: string): KnownMetrics {
  const rows = [...page.matchAll(/^\| `(\w+)`\s*\| (\w+)\s*\|([^|]*)\|/gm)];
  const known: KnownMetrics = new Map([['up', []]]);
  for (const [, name, type, text] of rows) {
    const labels = [...text.matchAll(/`(\w+)`/g)].map(([, label]) => label);
    if (type !== 'histogram') known.set(name, labels);
    else for (const end of ['bucket', 'sum', 'count']) known.set(`${name}_${end}`, [...labels, 'le']);
  }
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray()) known.set(name, []);
  return known;
}

/** Metrics and labels in PromQL that nobody has: such an expression is never true, and nobody notices. */
export function unknownInQuery(query: string, known: KnownMetrics): Violations {
  return metricsIn(query).flatMap(({ name, labels }) => {
    const has = known.get(name);
    if (!has) return [`${name} is measured by nobody`];
    const strange = labels.filter((label) => ![...has, ...OF_PROMETHEUS].includes(label));
    return strange.map((label) => `${name} has no label ${label}`);
  });
}

const WORDS = ['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'bool', 'offset'];

/** What is selected: names that are neither functions nor words nor labels to group by. */
function metricsIn(query: string): { name: string; labels: string[] }[] {
  const plain = query.replaceAll(/"[^"]*"/g, '""').replaceAll(/\[[^\]]*\]/g, '');
  const groups = /\b(?:by|without|on|ignoring)\s*\([^)]*\)/g;
  return [...plain.replaceAll(groups, ' ').matchAll(/\b([a-z_]\w*)\b(\s*\{([^}]*)\}|\s*\()?/gi)]
    .filter(([, name, after = '']) => !WORDS.includes(name) && !after.trimStart().startsWith('('))
    .map(([, name, , selector = '']) => ({
      name,
      labels: [...selector.matchAll(/(\w+)\s*(?:=|!)/g)].map(([, label]) => label),
    }));
}
