/** As at the gateway: a minor unit is a hundredth, in every currency. */
const MINOR_UNITS = 100;
const formats = new Map<string, Intl.NumberFormat>();

/** `123456`, `USD` → `$1,234.56`. @throws RangeError for a currency that is none. */
export function formatMoney(minorUnits: number, currency: string): string {
  const format = formats.get(currency) ?? new Intl.NumberFormat('en-US', { style: 'currency', currency });
  formats.set(currency, format);
  return format.format(minorUnits / MINOR_UNITS);
}
