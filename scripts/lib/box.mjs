import { relative } from 'node:path';
import { styleText } from 'node:util';
import boxen from 'boxen';
import { root } from './settings.mjs';

/** @typedef {'bold' | 'dim' | 'cyan'} Style */

/** @param {Style} style @param {string} text Plain where nobody looks: a file or a pipe. */
const styled = (style, text) => (process.stdout.isTTY ? styleText(style, text) : text);

/**
 * Where everything is, who can log in and how to stop it.
 * @param {import('./settings.mjs').Settings} settings
 * @param {{ url: string, took: string, behindNginx: boolean, inspect?: boolean }} run
 */
export function summary({ mode, ports, logDir, mongodbUri, redisHost }, { url, took, behindNginx, inspect }) {
  const trial = mode !== 'production';
  const shown = url.replace('127.0.0.1', 'localhost');
  /** @type {[string, string][]} */
  const rows = [
    [behindNginx ? 'Shop API' : 'Shop API (no Nginx)', styled('cyan', shown)],
    ['API documents', styled('cyan', `${shown}/api/docs`)],
    ['Console', `${styled('cyan', `${shown}/admin`)} (admin)`],
    ['Job queues', `${styled('cyan', `${shown}/admin/queues`)} (admin)`],
  ];
  if (trial) rows.push(['Inbox', `${styled('cyan', `http://localhost:${ports.SANDBOX_PORT}`)} (mails end up here)`]);
  if (!mongodbUri) rows.push(['MongoDB', `127.0.0.1:${ports.EMBEDDED_MONGODB_PORT}, replica set rs0`]);
  if (!redisHost) rows.push(['Redis', `127.0.0.1:${ports.EMBEDDED_REDIS_PORT}`]);
  if (inspect) rows.push(['Debugger', 'ports from 9230 on (chrome://inspect)']);
  rows.push(['Logs', `${relative(root, logDir) || '.'}/`]);
  if (trial) {
    rows.push(['', ''], ['Log in as', 'admin@example.com / admin123']);
    rows.push(['', 'user@example.com / user123'], ['', 'vip@example.com / vip123']);
  }
  rows.push(['', ''], ['Stop', 'Ctrl-C (or `npm stop`)'], ['Look inside', '`npm run status`']);

  const width = Math.max(...rows.map(([name]) => name.length)) + 3;
  const lines = rows.map(([name, value]) => `${styled('dim', name.padEnd(width))}${value}`);
  return boxen([styled('bold', `The suite is up (${took})`), '', ...lines].join('\n'), {
    padding: { left: 2, right: 2, top: 0, bottom: 0 },
    borderStyle: 'round',
    borderColor: 'green',
  });
}
