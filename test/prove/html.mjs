import { escaped } from '../load/html.mjs';

const [WIDTH, HEIGHT, FOOT] = [720, 220, 24];

/** The certificate as one page, with a picture of the sale: orders answered over time, and when who was killed. */
export function htmlOf(certificate) {
  const { at, project, options, done, answers, outcome, promises, wrongs, signed, seal } = certificate;
  const facts = [
    ['Buyers', options.buyers],
    ['Units', options.units],
    ['Requests', `${done.requests}, ${done.repeated} buyers pressed twice`],
    ['Processes killed', done.kills.length],
    ['Orders answered', answers.accepted],
    ['Sold', `${outcome.sold} of ${options.units}`],
    ['Left', outcome.left],
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Certificate: ${signed ? 'signed' : 'refused'}</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.6 Georgia, serif }
  body { max-width: 46rem; margin: 2rem auto; padding: 2rem; border: 6px double currentColor }
  h1 { text-align: center; font-weight: normal }
  svg { width: 100%; height: auto }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 2rem }
  dd { margin: 0; font-variant-numeric: tabular-nums }
  .verdict { text-align: center; font-size: 1.3rem; color: ${signed ? 'light-dark(#17703a, #5fd08a)' : 'light-dark(#b3261e, #ff8a80)'} }
  .seal { text-align: center; font: 0.75rem ui-monospace, monospace; overflow-wrap: anywhere }
</style>
<h1>Certificate of a flash sale</h1>
<p>${escaped(project.name)} ${escaped(project.version)}${project.commit ? `, commit ${escaped(project.commit)}` : ''}, ${escaped(at)}. Two replicas of every process behind Nginx; one process after the other was killed while people bought.</p>
${picture(certificate)}
<dl>${facts.map(([name, value]) => `<dt>${name}<dd>${escaped(value)}`).join('')}</dl>
<ul>${promises.map(({ invariant, promise, kept }) => `<li>${kept ? '✔' : '✖'} ${invariant}: ${promise}`).join('')}</ul>
${wrongs.length > 0 ? `<ul>${wrongs.map((wrong) => `<li>${escaped(wrong)}`).join('')}</ul>` : ''}
<p class="verdict">${signed ? `${outcome.sold} of ${options.units} sold, and everything adds up. Signed by the oracle.` : 'The oracle refuses to sign.'}</p>
<p class="seal">${seal}<br>seed ${options.seed}</p>
</html>
`;
}

function picture({ answers, done, options }) {
  const times = [...answers.times].sort((a, b) => a - b);
  const last = Math.max(options.seconds, times.at(-1) ?? 0, ...done.kills.map(({ at }) => at));
  const x = (seconds) => ((seconds / last) * WIDTH).toFixed(1);
  const y = (count) => (HEIGHT - (count / Math.max(1, times.length)) * (HEIGHT - FOOT)).toFixed(1);
  const line = times.map((at, i) => `${x(at)},${y(i + 1)}`).join(' ');
  const marks = done.kills.map(
    ({ at, label }) =>
      `<line x1="${x(at)}" x2="${x(at)}" y1="${FOOT}" y2="${HEIGHT}" stroke="#d9534f" stroke-dasharray="3 4"><title>${escaped(label)} killed after ${at} s</title></line>`,
  );
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT + FOOT}" role="img" aria-label="Orders answered over time, and when processes were killed">
${marks.join('\n')}
<polyline points="0,${HEIGHT} ${line}" fill="none" stroke="#2f7ed8" stroke-width="2"/>
<text x="0" y="${FOOT / 1.6}" font-size="13" fill="currentColor">${times.length} answers with an order; dashed: a process was killed</text>
<text x="${WIDTH}" y="${HEIGHT + FOOT / 1.4}" font-size="13" text-anchor="end" fill="currentColor">${last.toFixed(0)} s</text>
</svg>`;
}
