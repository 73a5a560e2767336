import type { RequestContext } from '@suite/platform';
import type { OrderRecord } from './order.schema';

/** On whose behalf anything is done for an order later on: the request that placed it, in its logs and its trace. */
export const contextOf = ({ requestId, traceparent }: OrderRecord): RequestContext => ({ requestId, traceparent });
