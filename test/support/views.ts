/** What clients are promised to see, written down from the outside; nothing here comes from the code. */

export interface Meta {
  total: number;
  page: number;
  limit: number;
  nextCursor?: string;
}

export interface UserView {
  id: string;
  email: string;
  name: string;
  role: 'user' | 'admin';
  tier: 'standard' | 'vip';
  createdAt: string;
}

export interface UserDetailsView extends UserView {
  disabled: boolean;
  verified: boolean;
}

export interface LoginView {
  token: string;
  refreshToken: string;
  /** Seconds. */
  expiresIn: number;
  user: UserView;
}

export interface SessionView {
  id: string;
  userAgent: string;
  current: boolean;
  createdAt: string;
  lastUsedAt: string;
}

export interface ProductView {
  id: string;
  sku: string;
  name: string;
  description: string;
  category: string;
  price: number;
  currency: string;
  imageUrl?: string;
  version: number;
  /** For admins only. */
  lowStockThreshold?: number;
  archived?: boolean;
  stock: { id: string; available: number };
}

export interface CategoryView {
  name: string;
  products: number;
}

export interface ImportView {
  rows: { sku?: string; outcome: string; code?: string; errors?: { path: string; message: string }[] }[];
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  dryRun: boolean;
}

export interface StockView {
  id: string;
  available: number;
  reserved: number;
  version: number;
}

export interface MovementView {
  kind: 'receipt' | 'adjustment' | 'reservation' | 'commit' | 'release';
  available: number;
  reserved: number;
  sold: number;
  version: number;
  orderId?: string;
  reason?: string;
}

export interface OrderView {
  id: string;
  number: string;
  userId: string;
  tier: 'standard' | 'vip';
  status: string;
  items: {
    stockId: string;
    productId: string;
    sku: string;
    name: string;
    quantity: number;
    price: number;
    lineTotal: number;
    shipped: number;
    refunded: number;
  }[];
  total: number;
  currency: string;
  shippingAddress?: Record<string, string>;
  payment: { method: string; status: string; refunded: number };
  shipments: {
    carrier?: string;
    trackingNumber?: string;
    items: { stockId: string; quantity: number }[];
    at: string;
  }[];
  failure?: { code: string; message: string };
  history: { seq: number; kind: string; status: string; at: string; by: string; reason?: string }[];
  /** For admins only, as the notes. */
  refunds?: { id: string; state: string; amount: number; reason?: string }[];
  notes?: NoteView[];
  createdAt: string;
  updatedAt: string;
}

export interface CartView {
  items: {
    stockId: string;
    productId: string;
    sku: string;
    name: string;
    quantity: number;
    price: number;
    lineTotal: number;
    available: number;
    priceChanged: boolean;
    availabilityChanged: boolean;
    archived?: true;
  }[];
  total: number;
  currency: string;
}

export interface NoteView {
  id: string;
  text: string;
  by: string;
  at: string;
}

export interface SalesView {
  revenue: number;
  currency: string;
  ordersByStatus: Record<string, number>;
  averageOrderValue: number;
}

export interface SummaryView extends SalesView {
  newUsers: number;
}

export interface TimeseriesView {
  interval: 'hour' | 'day';
  points: (SalesView & { at: string })[];
}

export interface SoldProductView {
  productId: string;
  sku: string;
  name: string;
  units: number;
  revenue: number;
  currency: string;
}

export interface PlacedView {
  order: OrderView;
  /** How it can be paid online; there when it was there in time. */
  clientSecret?: string;
  paymentUrl?: string;
}

export interface HealthView {
  status: string;
  details: Record<string, { status: string }>;
}

export interface ExportView {
  exportedAt: string;
  profile: UserView;
  sessions: SessionView[];
  cart: CartView;
  mailPreferences: MailPreferencesView;
  orders: OrderView[];
  mails: { id: string; kind: string; to: string; state: string; createdAt: string; endedAt?: string }[];
}

export interface ProblemView {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: string;
  requestId: string;
  errors?: { path: string; message: string }[];
}

export interface DeadLetterView {
  id: string;
  orderId: string;
  userId: string;
  number: string;
  tier: 'standard' | 'vip';
  total: number;
  currency: string;
  reason: string;
  error: string;
  attempts: number;
  crashes: number;
  requestId: string;
  payload: { orderId: string; userId: string; epoch: number };
  state: 'open' | 'replayed' | 'discarded';
  replays: number;
  replayAt?: string;
  audit: { action: string; by: string; at: string; reason?: string }[];
  at: string;
}

/** Of a mail. */
export interface DeadMailView {
  id: string;
  key: string;
  kind: string;
  to: string;
  userId?: string;
  reason: 'REFUSED' | 'EXHAUSTED';
  error: string;
  attempts: number;
  requestId?: string;
  state: 'open' | 'replayed' | 'discarded';
  audit: { action: string; by: string; at: string; reason?: string }[];
  at: string;
}

/** One flag for each kind that may be switched off. */
export type MailPreferencesView = Record<string, boolean>;

export interface DeadLetterGroupView {
  reason: string;
  open: number;
  customers: number;
  total: number;
  currency: string;
  error: string;
  oldest: string;
  newest: string;
}

export interface ReplayRunView {
  id: string;
  scheduled: number;
  until?: string;
}

export interface AuditView {
  sound: boolean;
  at: string;
  checks: {
    rule: string;
    title: string;
    checked: number;
    drifting: number;
    drifts: { subject: string; detail: string }[];
  }[];
}

export interface ChatView {
  reply: string;
  /** Only for strangers. */
  conversationId?: string;
}
