/** What customers ask about. */
export const topics = [
  'greeting',
  'thanks',
  'orders',
  'cancellation',
  'returns',
  'payment',
  'delivery',
  'status',
  'stock',
  'unknown',
] as const;
export type Topic = (typeof topics)[number];

/** By which words a topic is recognised. The first one that fits is it, so that what is more particular comes first. */
export const topicWords: readonly (readonly [Topic, RegExp])[] = [
  ['greeting', /^\W*(hi|hello|hey|hiya|good (morning|day|afternoon|evening))( there)?\W*$/],
  ['thanks', /^\W*(ok(ay)?|great|perfect)?\W*(thanks|thank you|thx|cheers|bye|goodbye)\b.{0,30}$/],
  ['cancellation', /\b(cancel\w*|call (it|that) off|changed my mind|do ?n[o']t want (it|that|them) any ?more)\b/],
  [
    'returns',
    /\b(returns?|returning|refunds?|refunded|exchange|money back|pa(y|id) back|sen[dt] (it|them|that) back)\b/,
  ],
  ['payment', /\b(cash|pay\w*) on delivery\b/],
  [
    'delivery',
    /\b(deliver\w*|shipp?\w*|arriv\w+|tracking|track|parcel|package|courier|on (its|the|their) way|get here|be here|when (will|do|can) (i|we) (get|receive|have))\b/,
  ],
  [
    'stock',
    /\b((in|of|on) stock|stock|availab\w+|sold out|for sale|do (you|u) (have|sell|carry|stock)|have you got|how many|any .* left|price of|how much (is|are|do|does)|costs?)\b/,
  ],
  [
    'payment',
    /\b(pay|pays|paid|paying|payments?|charged?|invoice|bill|billed|cards?|credit|paypal|stripe|cash|declined)\b/,
  ],
  [
    'orders',
    /\b((my|all|list|show|which|recent|last \w+) (of )?(my )?(orders|purchases)|what (have|did) i (order|buy|ordered|bought)|order history)\b/,
  ],
  [
    'status',
    /\b(status|state|where|happen\w*|going on|progress|confirmed|failed|fail|stuck|pending|wrong with|(my|last|latest|newest) (order|purchase)|updates?)\b/,
  ],
];

/** The last one, however many there are. */
export const LAST_ORDER = /\b(last|latest|newest|most recent|recent)\b/;
/** One of the customer's own, without saying which; “how can I pay?” asks what is done here. */
export const OWN = /\b(my|mine|order|purchase|(have|did|was|am) i|i (have|was|am)|when (will|do|can) (i|we))\b/;
/** The one that was spoken of. */
export const SPOKEN_OF = /\b(it|its|that|this|the) (order|one)\b|\b(it|its|that|this)\b/;

/** Words that name no product. */
export const fillers = new Set(
  (
    'a about all also am an and any anything are as at available availability be been but buy by can carry cheap ' +
    'cost costs could current currently did do does doesn’t don’t down for from get give go going good got had has ' +
    'have hello hey hi how i if in is it its items item just know left let like look looking many may me more much ' +
    'my need new no not now of off on one ones online or order orders other our out please price prices product ' +
    'products sale sell selling shall shop should show so sold some something soon still stock stocked store such ' +
    'tell than thank thanks that the their them then there these they thing things this those to today u under unit ' +
    'units up us want was we were what what’s when where which who will with would yes you your'
  ).split(' '),
);
