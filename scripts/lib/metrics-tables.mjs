import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { Failure } from './failure.mjs';
import { root } from './settings.mjs';

/**
 * @typedef {object} MetricEntry
 * @property {string} name
 * @property {'counter' | 'gauge' | 'histogram'} type
 * @property {string[]} labels
 * @property {string} meaning
 */
/** @typedef {{ title: string, metrics: MetricEntry[] }} MetricsTable */

/** Where the labels stand among the arguments: see libs/platform/src/metrics.ts. */
const LABELS = { counter: 2, gauge: 3, histogram: 3 };

/** @returns {MetricsTable[]} what is declared in the code: by every process first, then by app */
export function readMetrics() {
  const files = ['libs/platform', 'apps']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter(({ name }) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  const tables = new Map([['Every process', /** @type {MetricEntry[]} */ ([])]]);
  for (const file of files.sort()) {
    const title = /^apps\/(.+?)\//.exec(file)?.[1] ?? 'Every process';
    tables.set(title, [...(tables.get(title) ?? []), ...metricsIn(file)]);
  }
  return [...tables]
    .filter(([, metrics]) => metrics.length > 0)
    .map(([title, metrics]) => ({ title, metrics: metrics.sort((a, b) => a.name.localeCompare(b.name)) }));
}

/** @param {string} file @returns {MetricEntry[]} */
function metricsIn(file) {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
  /** @type {MetricEntry[]} */
  const found = [];
  /** @param {ts.Node} node */
  const look = (node) => {
    const metric = ts.isCallExpression(node) && metricOf(node, file);
    if (metric) found.push(metric);
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

/** @param {ts.CallExpression} call @param {string} file @returns {MetricEntry | undefined} */
function metricOf(call, file) {
  const type = call.expression.getText();
  if (!isType(type)) return undefined;
  const [name, help] = call.arguments;
  // The functions themselves, and what is no metric of ours.
  if (!name || !ts.isStringLiteralLike(name)) return undefined;
  if (!help || !ts.isStringLiteralLike(help)) throw new Failure(`${name.text} in ${file} does not say what it means.`);
  const labels = call.arguments[LABELS[type]];
  return { name: name.text, type, meaning: help.text, labels: labels ? textsIn(labels) : [] };
}

/** @param {string} text @returns {text is keyof typeof LABELS} */
const isType = (text) => text in LABELS;

/** @param {ts.Expression} expression @returns {string[]} */
const textsIn = (expression) =>
  ts.isArrayLiteralExpression(expression)
    ? expression.elements.filter(ts.isStringLiteralLike).map(({ text }) => text)
    : [];
