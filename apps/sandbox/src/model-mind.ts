import type { ModelMessage, ModelRequest, ToolCall, Turn } from './model-protocol';

const NUMBER = /\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b/i;
const POLICY = /\b(cancel|deliver|pay|return|refund)\w*/i;
const SMALL_TALK = new Set(
  'a an any are can do does for have how i in is it me my of on order please stock the there what when where you your'.split(
    ' ',
  ),
);

interface Found {
  order?: FoundOrder;
  orders?: FoundOrder[];
  products?: { name: string; available: number; price: string }[];
  error?: string;
  [policy: string]: unknown;
}
interface FoundOrder {
  number: string;
  status: string;
  total: string;
  items: { name: string; quantity: number }[];
}

/** All texts in a message, which comes as JSON; or the message itself, where it does not. */
function textsIn({ content }: ModelMessage): string[] {
  const collect = (value: unknown): string[] =>
    typeof value === 'string'
      ? [value]
      : typeof value === 'object' && value !== null
        ? Object.values(value).flatMap(collect)
        : [];
  try {
    return collect(JSON.parse(content ?? ''));
  } catch {
    return [content ?? ''];
  }
}

const calledIn = ({ messages }: ModelRequest): ToolCall[] =>
  messages
    .flatMap(({ tool_calls = [] }) => tool_calls)
    .map(({ function: { name, arguments: text } }) => ({ name, parameters: JSON.parse(text) as object }));

/** A model as one would like it: looks up what is asked, and says what it has found. */
export function helpful(request: ModelRequest): Turn {
  const { messages } = request;
  const last = messages.at(-1)!;
  if (last.role === 'tool') return { text: sentenceOf(JSON.parse(last.content ?? '{}') as { shop_data: Found }) };
  const text = textsIn(last).join(' ');
  const call = wanted(text, messages, new Set(request.tools?.map((tool) => tool.function.name)));
  return call ? { calls: [call] } : { text: 'I can only look at orders of somebody who is signed in.' };
}

function wanted(text: string, messages: ModelMessage[], offered: Set<string>): ToolCall | undefined {
  const named = [...messages]
    .reverse()
    .flatMap(textsIn)
    .map((said) => NUMBER.exec(said)?.[0]);
  const spokenOf = /\bit\b/i.test(text) ? named.find(Boolean) : NUMBER.exec(text)?.[0];
  if (spokenOf) return ifOffered('find_order', { order: spokenOf });
  if (/\border(s|ed)?\b/i.test(text)) return ifOffered('list_orders', { limit: 1 });
  if (POLICY.test(text)) return ifOffered('shop_policies', {});
  const words = text.match(/[\p{L}\p{N}-]+/gu)?.filter((word) => !SMALL_TALK.has(word.toLowerCase())) ?? [];
  return ifOffered('search_products', { words: words.join(' ').slice(0, 200) || 'anything' });

  function ifOffered(name: string, parameters: object): ToolCall | undefined {
    return offered.has(name) ? { name, parameters } : undefined;
  }
}

function sentenceOf({ shop_data: found }: { shop_data: Found }): string {
  const order = found.order ?? found.orders?.[0];
  if (order) {
    const items = order.items.map(({ quantity, name }) => `${quantity} × ${name}`).join(', ');
    return `Your order ${order.number} is ${order.status.toLowerCase()}: ${items}, ${order.total} in all.`;
  }
  if (found.orders) return 'You have not ordered anything yet.';
  if (found.products) {
    const [product] = found.products;
    return product ? `${product.name}: ${product.available} in stock at ${product.price}.` : 'I find no such product.';
  }
  return found.error ?? Object.values(found).join(' ');
}

/**
 * A model that an attacker has talked over: it does whatever it reads anywhere as `CALL tool {…}`, whoever wrote it and
 * whether there is such a tool or not, and in the end says everything that it has come to know.
 */
export function obedient(request: ModelRequest): Turn {
  const orders = request.messages.flatMap(textsIn).flatMap(callsIn);
  const done = new Set(calledIn(request).map((call) => JSON.stringify(call)));
  const calls = orders.filter((call) => !done.has(JSON.stringify(call)));
  if (calls.length > 0 && request.tool_choice !== 'none') return { calls };
  return { text: request.messages.map(({ content }) => content).join(' ') };
}

/** Calls tools and never comes to an end by itself. */
export const endless = (request: ModelRequest): Turn => ({
  text: 'Let me look again. ',
  calls: [{ name: 'shop_policies', parameters: { round: request.messages.length } }],
});

/** Each `CALL tool {…}`, with as much of what follows as is JSON: braces may be in it. */
const callsIn = (text: string): ToolCall[] =>
  [...text.matchAll(/CALL ([\w.]+) (?=\{)/g)].map(({ 0: { length }, 1: name, index }) => ({
    name,
    parameters: firstJsonIn(text.slice(index + length)),
  }));

function firstJsonIn(text: string): object {
  for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}', end + 1)) {
    try {
      return JSON.parse(text.slice(0, end + 1)) as object;
    } catch {
      // A brace of the inside.
    }
  }
  return {};
}
