/** How figures, money and times are written, everywhere in the console. */

const whole = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** @param {number} figure */
export const count = (figure) => (figure >= 100_000 ? short.format(figure) : whole.format(figure));

/** What is counted up to a bound says that it is at least that. @param {number} figure */
export const bounded = (figure) => (figure >= 10_000 ? `${whole.format(10_000)}+` : whole.format(figure));

/** @param {number} perSecond */
export const rate = (perSecond) => (perSecond >= 10 ? whole.format(Math.round(perSecond)) : perSecond.toFixed(1));

/** @param {number} amount @param {string} currency */
export const money = (amount, currency) =>
  new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).format(amount);

/** @param {number} amount @param {string} currency */
export const roughMoney = (amount, currency) =>
  new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(amount);

/** @param {number} ms */
export function duration(ms) {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1_000).toFixed(1)} s`;
  if (ms < 90_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 5_400_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 129_600_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}

/** @param {string} at ISO 8601 */
export function ago(at) {
  const ms = Date.now() - Date.parse(at);
  return ms < 1_500 ? 'just now' : `${duration(ms)} ago`;
}

/** @param {string} at ISO 8601 */
export const timeOf = (at) => clock.format(new Date(at));

/** @param {string} at ISO 8601 */
export const dayOf = (at) => day.format(new Date(at));

/** @param {number} bytes */
export const megabytes = (bytes) => `${Math.round(bytes / 1_048_576)} MB`;

/** `AWAITING_PAYMENT` as people say it. @param {string} code */
export const words = (code) => code.toLowerCase().replaceAll(/[_-]/g, ' ');

/** Where nothing is paid online there is nothing to say of it. @param {{ method: string, status: string }} payment */
export const paymentOf = ({ method, status }) => words(method) + (status === 'NONE' ? '' : `, ${words(status)}`);
