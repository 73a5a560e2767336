import { isIPv6 } from 'node:net';

const IPV4_MAPPED = /^::ffff:(?=\d+\.)/i;
/** Four groups of sixteen bits: what one household or machine is given, and can choose from as it likes. */
const GROUPS = 4;

/** Where an address belongs, for counting: an IPv4 address itself, of IPv6 the /64. */
export function networkOf(address: string): string {
  const plain = address.replace(IPV4_MAPPED, '').replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  const [head, tail] = plain.toLowerCase().split('::');
  const groups = (part = ''): string[] => part.split(':').filter(Boolean);
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(Math.max(0, missing)).fill('0'), ...groups(tail)];
  return all
    .slice(0, GROUPS)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':');
}
