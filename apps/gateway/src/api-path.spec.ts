import { suspectedPath, withoutApiPrefix } from './api-path';

describe('withoutApiPrefix', () => {
  it.each([
    ['/api/orders', '/orders'],
    ['/api/orders?limit=5', '/orders?limit=5'],
    ['/api/auth/login', '/auth/login'],
    ['/api/healthy', '/healthy'],
    ['/api/documents', '/documents'],
    ['/api/admin/orders', '/admin/orders'],
    ['/api/admin/flow', '/admin/flow'],
    ['/orders', '/orders'],
    ['/apiary', '/apiary'],
    ['/api', '/api'],
  ])('takes %s for %s', (url, path) => expect(withoutApiPrefix(url)).toBe(path));

  it.each([
    '/api/docs',
    '/api/docs/',
    '/api/docs/swagger-ui.css',
    '/api/docs-json',
    '/api/health',
    '/api/health/live',
    '/api/metrics',
    '/api/admin',
    '/api/admin/',
    '/api/admin?x=1',
    '/api/admin/console/app.js',
    '/api/admin/vendor/lit.js',
    '/api/admin/queues',
    '/api/admin/queues/api/queues',
    '/api/socket.io/?EIO=4',
  ])('leaves %s alone', (url) => expect(withoutApiPrefix(url)).toBe(url));
});

describe('suspectedPath', () => {
  it.each([
    '/admin/queues',
    '/admin/queues/',
    '//admin//queues',
    '/admin/%71ueues',
    '/admin/%2571ueues',
    '/admin%2Fqueues',
    '/Admin/QUEUES',
    '/admin/./queues',
    '/x/../admin/queues',
    '/admin/queues;a=b',
    '/admin\\queues',
    '/admin/queues?x=1#y',
  ])('sees /admin/queues in %s', (url) => expect(suspectedPath(url)).toBe('/admin/queues'));

  it('bears what cannot be decoded', () => expect(suspectedPath('/admin/%zz')).toBe('/admin/%zz'));
});
